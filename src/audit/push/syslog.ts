// Records as syslog messages (RFC 5424), over TCP or TLS with the length before each (RFC 6587, RFC 5425), or in a UDP
// datagram each (RFC 5426). Syslog acknowledges nothing. Over TCP and TLS a batch counts as told when the receiver has
// closed its side after ours without an error, which it does only after it has read everything; over UDP when it was sent.
import { createSocket } from 'node:dgram';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parseLine } from '../lines.ts';
import type { PushTarget } from './push-target.ts';

export type SyslogOptions = {
  readonly protocol: 'tls' | 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** further certificate authorities, PEM */
  readonly ca: string | null;
  /** of this machine */
  readonly hostName: string;
  readonly timeoutMs?: number;
};

const BATCH = 200;
const TIMEOUT_MS = 10_000;
/** A receiver that does not close its side has had this long to refuse. */
const LINGER_MS = 1_000;
/** What an IPv4 datagram takes. */
const MAX_DATAGRAM_BYTES = 65_507;
/** log audit */
const FACILITY = 13;
const SEVERITY = { success: 6, denied: 4, failed: 3 } as const;

export function syslogPush(name: string, options: SyslogOptions): PushTarget {
  return {
    name,
    batchSize: BATCH,
    deliver: (lines) => {
      const messages = lines.map((line) => syslogMessage(line, options.hostName));
      return options.protocol === 'udp' ? sendDatagrams(options, messages) : sendStream(options, messages);
    },
  };
}

/** `<PRI>1 TIME HOST vstorage PROCID MSGID - JSON`: the record itself is the message. */
export function syslogMessage(line: string, hostName: string): string {
  const { time, operation, outcome, chain } = parseLine(line);
  const priority = FACILITY * 8 + SEVERITY[outcome];
  const messageId = operation.replace(/[^\x21-\x7e]/g, '').slice(0, 32) || '-';
  return `<${priority}>1 ${time} ${hostName || '-'} vstorage ${chain} ${messageId} - ${line}`;
}

function sendStream(options: SyslogOptions, messages: readonly string[]): Promise<void> {
  const bytes = Buffer.concat(
    messages.map((message) => {
      const text = Buffer.from(message, 'utf8');
      return Buffer.concat([Buffer.from(`${text.length} `), text]);
    }),
  );
  return new Promise((resolve, reject) => {
    const socket = open(options);
    let isSent = false;
    const finish = (error: Error | null): void => {
      clearTimeout(deadline);
      socket.destroy();
      if (error === null) resolve();
      else reject(error);
    };
    const deadline = setTimeout(() => {
      finish(isSent ? null : new Error(`the syslog receiver did not take the records within ${TIMEOUT_MS / 1000} s`));
    }, options.timeoutMs ?? TIMEOUT_MS);
    socket.on('error', finish);
    socket.on('close', () => finish(isSent ? null : new Error('the syslog receiver closed the connection')));
    // it has nothing to say; reading is how its end is noticed
    socket.resume();
    socket.end(bytes, () => {
      isSent = true;
      setTimeout(() => finish(null), LINGER_MS).unref();
    });
  });
}

function open({ protocol, host, port, ca }: SyslogOptions): Socket {
  if (protocol === 'tcp') return connectTcp({ host, port });
  return connectTls({ host, port, servername: host, ...(ca === null ? {} : { ca }) });
}

async function sendDatagrams({ host, port }: SyslogOptions, messages: readonly string[]): Promise<void> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
  try {
    for (const message of messages) {
      const bytes = Buffer.from(message, 'utf8').subarray(0, MAX_DATAGRAM_BYTES);
      await new Promise<void>((resolve, reject) => {
        socket.send(bytes, port, host, (error) => (error === null ? resolve() : reject(error)));
      });
    }
  } finally {
    socket.close();
  }
}
