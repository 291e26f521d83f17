// A connection profile: double-click it and Cyberduck offers a protocol of that name.
// https://docs.cyberduck.io/protocols/profiles/
import { hostname, port, profileName, trustCaInSystem, type ConnectionFacts, type Setup } from './setup.ts';

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type PlistValue = string | boolean | readonly string[];

function plistValue(value: PlistValue): string {
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (typeof value === 'string') return `<string>${escapeXml(value)}</string>`;
  return `<array>${value.map(plistValue).join('')}</array>`;
}

function plist(entries: Readonly<Record<string, PlistValue>>): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    ...Object.entries(entries).map(([key, value]) => `  <key>${escapeXml(key)}</key>\n  ${plistValue(value)}`),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

export const cyberduckProfile = (facts: ConnectionFacts): string =>
  plist({
    Protocol: 's3',
    Vendor: profileName(facts),
    Scheme: 'https',
    Description: `vStorage ${facts.region}`,
    'Default Nickname': `vStorage ${facts.region}`,
    'Default Hostname': hostname(facts),
    'Default Port': String(port(facts)),
    'Hostname Configurable': false,
    'Port Configurable': false,
    'Username Configurable': true,
    'Username Placeholder': 'Access Key',
    'Password Placeholder': 'Secret Key',
    Authorization: 'AWS4HMACSHA256',
    Region: facts.region,
    Regions: [facts.region],
    Properties: ['s3.bucket.virtualhost.disable=true'],
  });

export function cyberduck(facts: ConnectionFacts): Setup {
  return {
    name: 'Cyberduck',
    website: 'https://cyberduck.io/download/',
    files: [
      {
        name: `${facts.region}.cyberduckprofile`,
        place: null,
        contentType: 'application/x-cyberduck-profile',
        content: cyberduckProfile(facts),
      },
    ],
    commands: trustCaInSystem(facts.ca),
    fields: [
      { label: 'Protocol', value: `vStorage ${facts.region}` },
      { label: 'Server', value: hostname(facts) },
      { label: 'Port', value: String(port(facts)) },
      { label: 'Access Key', value: facts.accessKey },
      { label: 'Secret Key', value: facts.secretKey },
    ],
  };
}
