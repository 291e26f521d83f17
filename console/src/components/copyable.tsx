import { CopyButton } from './copy-button.tsx';
import classes from './copyable.module.css';

type Props = { value: string; label: string; mono?: boolean; small?: boolean };

/** A value that people carry elsewhere: shown whole where it fits, copied with one press. */
export function Copyable({ value, label, mono = true, small = false }: Props) {
  return (
    <span className={classes['copyable']} data-small={small || undefined}>
      <span className={mono ? `mono ${classes['value']}` : classes['value']} title={value}>
        {value}
      </span>
      <CopyButton value={value} label={label} />
    </span>
  );
}
