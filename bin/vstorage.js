#!/usr/bin/env node
// Runs the program on Node 26, whichever Node started this: the right one comes with the package. Plain JavaScript
// that any Node from 20 on understands.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 26;

/** A published package has JavaScript, a checkout its TypeScript. */
function findEntry() {
  const published = new URL('../dist/main.js', import.meta.url);
  const source = new URL('../src/main.ts', import.meta.url);
  return existsSync(source) ? source : published;
}

function findPinnedNode() {
  const require = createRequire(import.meta.url);
  const { platform, arch } = process;
  for (const name of [`node-${platform}-${arch}`, `node-bin-${platform}-${arch}`]) {
    try {
      return require.resolve(`${name}/bin/node`);
    } catch {
      // Not installed on this platform.
    }
  }
  return undefined;
}

function runWith(node, args) {
  // Replaces this process where Node can: signals and the process id then need no passing on.
  if (typeof process.execve === 'function') process.execve(node, [node, ...args], process.env);
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** Stripping types and compiling once instead of at each start saves time and, in every process, about 25 MB. */
function shareCompileCache() {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../.cache/compiled', import.meta.url));
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}

shareCompileCache();
const entry = findEntry();
const pinned = findPinnedNode();
if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  await import(entry.href);
} else if (pinned) {
  runWith(pinned, [fileURLToPath(entry), ...process.argv.slice(2)]);
} else {
  process.stderr.write(`vstorage: needs Node ${NEEDED_MAJOR} or newer, this is ${process.version}: install it\n`);
  process.exitCode = 1;
}
