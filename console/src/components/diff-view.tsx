import { diffLines } from '../objects/diff-lines.ts';
import classes from './diff-view.module.css';

const signs = { same: ' ', added: '+', removed: '-' } as const;

/** What changed between two texts, line by line. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  return (
    <pre className={classes['diff']} tabIndex={0} aria-label={label}>
      {diffLines(before, after).map(({ change, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line has nothing else to be known by
        <span key={index} className={classes['line']} data-change={change}>
          {signs[change]} {text}
        </span>
      ))}
    </pre>
  );
}
