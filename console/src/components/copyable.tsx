import { CopyButton } from './copy-button.tsx';
import classes from './copyable.module.css';

type Props = {
  value: string;
  /** what stands on the page when the whole value is too long for it */
  shown?: string;
  label: string;
  small?: boolean;
};

/** A value that people carry elsewhere: shown whole where it fits, copied with one press. */
export function Copyable({ value, shown = value, label, small = false }: Props) {
  return (
    <span className={classes['copyable']} data-small={small || undefined}>
      <span className={`mono ${classes['value']}`} title={value}>
        {shown}
      </span>
      <CopyButton value={value} label={label} />
    </span>
  );
}
