import { useTranslation } from 'react-i18next';
import { CopyButton } from './copy-button.tsx';
import classes from './command-list.module.css';

export type NamedCommand = { title: string; text: string };

/** Commands to paste, one under the other: what each does, the command itself, Copy. */
export function CommandList({ commands }: { commands: readonly NamedCommand[] }) {
  return (
    <ul className={classes['list']}>
      {commands.map(({ title, text }) => (
        <li key={title + text} className={classes['item']}>
          <span className={classes['title']}>{title}</span>
          {/* A region that scrolls must be reachable by keyboard. */}
          <pre className={classes['text']} tabIndex={0} aria-label={title}>
            {text}
          </pre>
          <CopyCommand title={title} text={text} />
        </li>
      ))}
    </ul>
  );
}

function CopyCommand({ title, text }: NamedCommand) {
  const { t } = useTranslation();
  return <CopyButton value={text} label={t('action.copy-named', { name: title })} />;
}
