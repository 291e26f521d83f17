// One line on a terminal that shows how far long work has come; nothing where standard error is no terminal.
const INTERVAL_MS = 250;

export type ProgressLine = Disposable & { show(text: string): void };

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownAt = 0;
  let isShown = false;
  return {
    show: (text) => {
      const now = performance.now();
      if (!stream.isTTY || now - shownAt < INTERVAL_MS) return;
      shownAt = now;
      isShown = true;
      stream.write(`\r\u001b[K${text}`);
    },
    [Symbol.dispose]: () => {
      if (isShown) stream.write('\r\u001b[K');
    },
  };
}
