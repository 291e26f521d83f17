import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PolicyHolderView } from '../../../../src/console-api/contract.ts';
import { AnchorLink } from '../links.tsx';

/** To the page of whoever a policy is attached to. */
export function HolderLink({ holder: { type, id, name } }: { holder: PolicyHolderView }) {
  const { t } = useTranslation();
  return (
    <span>
      {type === 'user' && (
        <AnchorLink to="/users/$userId" params={{ userId: id }}>
          {name}
        </AnchorLink>
      )}
      {type === 'group' && (
        <AnchorLink to="/groups/$groupId" params={{ groupId: id }}>
          {name}
        </AnchorLink>
      )}
      {type === 'service-account' && (
        <AnchorLink to="/service-accounts/$id" params={{ id }}>
          {name}
        </AnchorLink>
      )}
      {type === 'role' && (
        <AnchorLink to="/roles/$roleId" params={{ roleId: id }}>
          {name}
        </AnchorLink>
      )}{' '}
      <Text span size="xs" c="dimmed">
        {t(`usage-of.types.${type}`)}
      </Text>
    </span>
  );
}
