import { type ClientId, type ClientSetup, clientIds } from '../contract.ts';
import { awsCli } from './aws-cli.ts';
import { cyberduck } from './cyberduck.ts';
import { mc } from './mc.ts';
import { rclone } from './rclone.ts';
import { restic } from './restic.ts';
import { s3Browser } from './s3-browser.ts';
import { s3cmd } from './s3cmd.ts';
import { sdkGo } from './sdk-go.ts';
import { sdkJava } from './sdk-java.ts';
import { sdkJavascript } from './sdk-javascript.ts';
import { sdkPython } from './sdk-python.ts';
import type { ConnectionFacts, Generators } from './setup.ts';

const generators: Generators = {
  s3cmd,
  rclone,
  'aws-cli': awsCli,
  mc,
  cyberduck,
  's3-browser': s3Browser,
  'sdk-javascript': sdkJavascript,
  'sdk-python': sdkPython,
  'sdk-go': sdkGo,
  'sdk-java': sdkJava,
  restic,
};

/** The set-up of one client. With real keys in `facts` its files and commands run as they stand. */
export const clientSetupFor = (id: ClientId, facts: ConnectionFacts): ClientSetup => ({
  id,
  ...generators[id](facts),
});

export const allClientSetups = (facts: ConnectionFacts): ClientSetup[] =>
  clientIds.map((id) => clientSetupFor(id, facts));
