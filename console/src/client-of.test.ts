import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOf } from './client-of.ts';

test('programs are called by their names, with the version where they tell it', () => {
  assert.equal(clientOf('rclone/v1.60.1-DEV'), 'Rclone 1.60.1');
  assert.equal(clientOf('aws-cli/2.9.19 Python/3.11.2 Linux/6.1 botocore/2.4.5'), 'AWS CLI 2.9.19');
  assert.equal(clientOf('Boto3/1.26.27 Python/3.11.2 Linux/6.1 Botocore/1.29.27'), 'Boto3 1.26.27');
  assert.equal(clientOf('S3 Browser/11.6.7 (https://s3browser.com)'), 'S3 Browser 11.6.7');
  assert.equal(
    clientOf('MinIO (linux; amd64) minio-go/v7.0.63 mc/RELEASE.2023-09-29'),
    'MinIO Client RELEASE.2023-09-29',
  );
});

test('an unknown program is called as it calls itself, none at all a question mark', () => {
  assert.equal(clientOf('MyBackup 3'), 'MyBackup 3');
  assert.equal(clientOf(''), '?');
});
