import classes from './brand-panel.module.css';

type Box = { column: number; row: number; height: number; tone: 0 | 1 | 2 };

// A shelf of boxes like the one in the logo, in isometric view: columns run right-down, rows left-down.
const boxes: Box[] = [
  { column: 0, row: 0, height: 2, tone: 0 },
  { column: 1, row: 0, height: 1, tone: 0 },
  { column: 0, row: 1, height: 1, tone: 1 },
  { column: 2, row: 0, height: 3, tone: 1 },
  { column: 1, row: 1, height: 2, tone: 2 },
  { column: 0, row: 2, height: 3, tone: 0 },
  { column: 2, row: 1, height: 1, tone: 0 },
  { column: 1, row: 2, height: 1, tone: 1 },
  { column: 2, row: 2, height: 2, tone: 2 },
];
const WIDTH = 92;
const DEPTH = 52;
const HEIGHT = 58;

export function BoxPattern() {
  return (
    <svg className={classes['pattern']} viewBox="-300 -220 600 560" aria-hidden="true" focusable="false">
      {boxes.map((box) => (
        <Stack key={`${box.column}.${box.row}`} {...box} />
      ))}
    </svg>
  );
}

function Stack({ column, row, height, tone }: Box) {
  const x = (column - row) * WIDTH;
  const ground = (column + row) * DEPTH;
  const top = ground - height * HEIGHT;
  const points = (...pairs: [number, number][]): string => pairs.map(([px, py]) => `${x + px},${py}`).join(' ');
  const w = WIDTH - 6;
  const d = DEPTH - 3.4;
  return (
    <g data-tone={tone}>
      <polygon className={classes['left']} points={points([-w, top], [0, top + d], [0, ground + d], [-w, ground])} />
      <polygon className={classes['right']} points={points([w, top], [0, top + d], [0, ground + d], [w, ground])} />
      <polygon className={classes['lid']} points={points([0, top - d], [w, top], [0, top + d], [-w, top])} />
    </g>
  );
}
