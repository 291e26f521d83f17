// The mark: an open box in isometric view. Its two sides draw the V, the lid lies above: what you put into storage.
import classes from './logo.module.css';

export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className={classes['lid']} d="M16 2.2 26.4 8 16 13.8 5.6 8z" />
      <path className={classes['left']} d="M3.4 11.3 14.6 17.6V29.6L3.4 23.2z" />
      <path className={classes['right']} d="M28.6 11.3 17.4 17.6V29.6L28.6 23.2z" />
    </svg>
  );
}

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <span className={classes['logo']} style={{ fontSize: size * 0.64 }}>
      <LogoMark size={size} />
      <span>
        <b>v</b>Storage
      </span>
    </span>
  );
}
