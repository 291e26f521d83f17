// The console's requests over real HTTPS, one new connection each, so that they spread over the workers.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { SessionView, SignInRequest } from '../../src/console-api/contract.ts';
import type { TestServer } from '../support/start-server.ts';
import { type Answer, json, type Method } from './browser.ts';

export class HttpsBrowser {
  readonly #server: Pick<TestServer, 'caFile' | 'consoleUrl'>;
  readonly #ca: Buffer;
  #cookie = '';
  #csrfToken = '';

  constructor(server: Pick<TestServer, 'caFile' | 'consoleUrl'>) {
    this.#server = server;
    this.#ca = readFileSync(server.caFile);
  }

  get csrfToken(): string {
    return this.#csrfToken;
  }

  async send(method: Method, path: string, body?: unknown): Promise<Answer> {
    const origin = this.#server.consoleUrl;
    const url = new URL(path.startsWith('/') ? path : `/api/v1/${path}`, origin);
    const payload = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      cookie: this.#cookie,
      'x-csrf-token': this.#csrfToken,
      ...(method === 'GET' ? {} : { origin }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    };
    const answer = Promise.withResolvers<Answer>();
    const sent = request(url, { method, headers, ca: this.#ca, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', answer.reject);
      response.on('end', () => {
        const cookie = response.headers['set-cookie']?.[0]?.split(';', 1)[0];
        if (cookie !== undefined) this.#cookie = cookie;
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        answer.resolve({ status: response.statusCode ?? 0, headers: response.headers, text, bytes });
      });
    });
    sent.on('error', answer.reject);
    sent.end(payload);
    return await answer.promise;
  }

  async signIn(credentials: SignInRequest): Promise<SessionView> {
    return json<SessionView>(await this.tryToSignIn(credentials), 201);
  }

  async tryToSignIn(credentials: SignInRequest): Promise<Answer> {
    const answer = await this.send('POST', 'session', credentials);
    if (answer.status === 201) this.#csrfToken = json<SessionView>(answer, 201).csrfToken;
    return answer;
  }
}
