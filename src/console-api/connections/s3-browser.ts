// S3 Browser (Windows) has no file to import: the fields of Accounts → Add new account, in the program's own words.
// https://s3browser.com/s3-compatible-storage.aspx
import { authority, trustCaInSystem, type ConnectionFacts, type Setup } from './setup.ts';

export const s3BrowserFields = (facts: ConnectionFacts): Setup['fields'] => [
  { label: 'Display name', value: `vStorage_${facts.region}` },
  { label: 'Account type', value: 'S3 Compatible Storage' },
  { label: 'REST Endpoint', value: authority(facts) },
  { label: 'Access Key ID', value: facts.accessKey },
  { label: 'Secret Access Key', value: facts.secretKey },
  { label: 'Use secure transfer (SSL/TLS)', value: 'on' },
  { label: 'Signature version', value: 'Signature V4' },
  { label: 'Addressing model', value: 'Path style' },
];

export function s3Browser(facts: ConnectionFacts): Setup {
  const fields = s3BrowserFields(facts);
  return {
    name: 'S3 Browser',
    website: 'https://s3browser.com/download.aspx',
    files: [
      {
        name: `s3-browser-${facts.region}.txt`,
        place: null,
        contentType: 'text/plain; charset=utf-8',
        content: `${fields.map(({ label, value }) => `${label}: ${value}`).join('\r\n')}\r\n`,
      },
    ],
    commands: trustCaInSystem(facts.ca).filter(({ platform }) => platform === 'windows'),
    fields,
  };
}
