// Loaded before a server under test (`--import`): its standard input is a pipe that only the test holds, so it ends with
// the test, however that ends. Nothing is left running or listening after a crash.

// A worker has the primary's death as its sign, and an empty standard input from the start.
if (!process.connected) {
  process.stdin.once('end', () => process.kill(process.pid, 'SIGKILL'));
  process.stdin.resume();
  process.stdin.unref();
}
