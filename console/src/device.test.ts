import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf } from './device.ts';

test('browsers and systems are told by what only they say', () => {
  const mozilla = 'Mozilla/5.0';
  const told: readonly (readonly [string, string | null])[] = [
    [`${mozilla} (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0`, 'Firefox 150, Linux'],
    [
      `${mozilla} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0`,
      'Edge 149, Windows',
    ],
    [
      `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15`,
      'Safari 19, macOS',
    ],
    [
      `${mozilla} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/149.0 Mobile Safari/604.1`,
      'Chrome 149, iOS',
    ],
    [
      `${mozilla} (Linux; Android 17) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0 Mobile Safari/537.36`,
      'Chrome 149, Android',
    ],
    ['curl/8.14.1', 'curl 8'],
    ['', null],
  ];
  for (const [userAgent, device] of told) assert.equal(deviceOf(userAgent), device);
});
