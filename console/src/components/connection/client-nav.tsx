import { Select, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClientId, ClientSetup } from '../../../../src/console-api/contract.ts';
import { clientGroups } from './client-groups.ts';
import classes from './connection.module.css';

type Props = {
  clients: readonly ClientSetup[];
  current: ClientId;
  compact: boolean;
  onChoose: (client: ClientId) => void;
};

/** A list beside the guide; in a dialog and on a phone a select above it. */
export function ClientNav({ clients, current, compact, onChoose }: Props) {
  const { t } = useTranslation();
  const groups = clientGroups(clients);
  const choose = (value: string | null) => {
    const client = clients.find((one) => one.id === value);
    if (client !== undefined) onChoose(client.id);
  };
  return (
    <>
      <Select
        className={classes['select'] ?? ''}
        label={t('connection.client')}
        allowDeselect={false}
        data={groups.map(({ group, members }) => ({
          group: t(`connection.groups.${group}`),
          items: members.map((client) => ({ value: client.id, label: client.name })),
        }))}
        value={current}
        onChange={choose}
      />
      {!compact && (
        <nav className={classes['nav']} aria-label={t('connection.client')}>
          {groups.map(({ group, members }) => (
            <div key={group}>
              <span className={classes['group']}>{t(`connection.groups.${group}`)}</span>
              {members.map((client) => (
                <UnstyledButton
                  key={client.id}
                  className={classes['client'] ?? ''}
                  aria-current={client.id === current ? 'true' : undefined}
                  onClick={() => onChoose(client.id)}
                >
                  {client.name}
                </UnstyledButton>
              ))}
            </div>
          ))}
        </nav>
      )}
    </>
  );
}
