// Public access block, ownership, ACL.
import { ActionIcon, Button, Checkbox, Group, Radio, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  AclDocument,
  GrantDocument,
  OwnershipDocument,
  PublicAccessBlockDocument,
} from '../../../../src/console-api/contract/bucket-settings.ts';
import { settingQuery } from '../../api/bucket-settings.ts';
import { CopyButton } from '../copy-button.tsx';
import { AnchorLink } from '../links.tsx';
import { Notice } from '../notice.tsx';
import type { FormProps } from './setting-panel.tsx';
import classes from './settings.module.css';

const flags = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

export function PublicAccessBlockForm({ value, onChange }: FormProps<PublicAccessBlockDocument>) {
  const { t } = useTranslation();
  const isAll = flags.every((flag) => value[flag]);
  const setAll = (on: boolean) =>
    onChange({ BlockPublicAcls: on, IgnorePublicAcls: on, BlockPublicPolicy: on, RestrictPublicBuckets: on });
  return (
    <Stack>
      <Switch
        label={t('bucket-settings.public-access-block.all')}
        checked={isAll}
        onChange={(event) => setAll(event.currentTarget.checked)}
      />
      <Stack gap="sm" pl={{ base: 0, sm: 48 }}>
        {flags.map((flag) => (
          <Checkbox
            key={flag}
            label={t(`bucket-settings.public-access-block.${flag}`)}
            description={t(`bucket-settings.public-access-block.${flag}-text`)}
            checked={value[flag]}
            onChange={(event) => onChange({ ...value, [flag]: event.currentTarget.checked })}
          />
        ))}
      </Stack>
      {!isAll && <Notice tone="warning">{t('bucket-settings.public-access-block.open')}</Notice>}
    </Stack>
  );
}

const owners = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;

export function OwnershipForm({ value, onChange }: FormProps<OwnershipDocument>) {
  const { t } = useTranslation();
  const chosen = value.Rules[0]?.ObjectOwnership ?? 'ObjectWriter';
  return (
    <Radio.Group
      aria-label={t('bucket-settings.ownership.title')}
      value={chosen}
      onChange={(name) => onChange({ Rules: [{ ObjectOwnership: owners.find((one) => one === name) ?? chosen }] })}
    >
      <Stack gap="sm">
        {owners.map((name) => (
          <Radio
            key={name}
            value={name}
            label={t(`bucket.ownership-name.${name}`)}
            description={t(`bucket.ownership-text.${name}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

const GROUPS = 'http://acs.amazonaws.com/groups/';
const everyone = `${GROUPS}global/AllUsers`;
const signedIn = `${GROUPS}global/AuthenticatedUsers`;
const logs = `${GROUPS}s3/LogDelivery`;
const permissions = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP'] as const;
type Permission = (typeof permissions)[number];

const nameOf = ({ Grantee }: GrantDocument): string => Grantee.URI ?? Grantee.ID ?? Grantee.EmailAddress ?? '';

function has(grants: readonly GrantDocument[], name: string, permission: Permission): boolean {
  return grants.some((grant) => {
    return nameOf(grant) === name && (grant.Permission === permission || grant.Permission === 'FULL_CONTROL');
  });
}

/** All four, for somebody new, are what full control was. */
function toggled(grants: readonly GrantDocument[], grantee: GrantDocument['Grantee'], permission: Permission) {
  const name = nameOf({ Grantee: grantee, Permission: permission });
  const held = permissions.filter((one) => has(grants, name, one));
  const next = held.includes(permission) ? held.filter((one) => one !== permission) : [...held, permission];
  const others = grants.filter((grant) => nameOf(grant) !== name);
  return [...others, ...next.map((one): GrantDocument => ({ Grantee: grantee, Permission: one }))];
}

export function AclForm({ place, value, onChange }: FormProps<AclDocument>) {
  const { t } = useTranslation();
  const ownership = useQuery(settingQuery<OwnershipDocument>(place, 'ownership')).data;
  const [added, setAdded] = useState('');
  const owner = value.Owner?.ID ?? '';
  const grants = value.Grants;
  const set = (Grants: GrantDocument[]) => onChange({ ...value, Grants });
  const others = [...new Map(grants.map((grant) => [nameOf(grant), grant.Grantee])).entries()].filter(
    ([name]) => name !== owner && !name.startsWith(GROUPS),
  );
  const disabled = ownership?.Rules[0]?.ObjectOwnership === 'BucketOwnerEnforced';
  const rows: readonly (readonly [GrantDocument['Grantee'], string, boolean])[] = [
    [{ Type: 'CanonicalUser', ID: owner }, t('bucket-settings.acl.owner'), false],
    [{ Type: 'Group', URI: everyone }, t('bucket-settings.acl.everyone'), false],
    [{ Type: 'Group', URI: signedIn }, t('bucket-settings.acl.signed-in'), false],
    [{ Type: 'Group', URI: logs }, t('bucket-settings.acl.logs'), false],
    ...others.map(([name, grantee]) => [grantee, grantee.DisplayName ?? name, true] as const),
  ];
  const add = () => {
    const text = added.trim();
    const grantee: GrantDocument['Grantee'] = text.includes('@')
      ? { Type: 'AmazonCustomerByEmail', EmailAddress: text }
      : { Type: 'CanonicalUser', ID: text };
    set([...grants, { Grantee: grantee, Permission: 'READ' }]);
    setAdded('');
  };
  return (
    <Stack>
      {disabled && (
        <Notice tone="warning">
          {t('bucket-settings.acl.disabled')}{' '}
          <AnchorLink
            to="/projects/$projectId/buckets/$bucket/settings"
            params={place}
            search={{ section: 'ownership' }}
          >
            {t('bucket-settings.ownership.title')}
          </AnchorLink>
        </Notice>
      )}
      <div className={classes['scroll']}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('bucket-settings.acl.who')}</Table.Th>
              {permissions.map((permission) => (
                <Table.Th key={permission}>{t(`bucket-settings.acl.${permission}`)}</Table.Th>
              ))}
              <Table.Th w={44} aria-label={t('action.delete')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([grantee, label, removable]) => {
              const name = nameOf({ Grantee: grantee, Permission: 'READ' });
              return (
                <Table.Tr key={name}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{label}</Table.Td>
                  {permissions.map((permission) => (
                    <Table.Td key={permission}>
                      <Checkbox
                        aria-label={`${label}: ${t(`bucket-settings.acl.${permission}`)}`}
                        disabled={disabled}
                        checked={has(grants, name, permission)}
                        onChange={() => set(toggled(grants, grantee, permission))}
                      />
                    </Table.Td>
                  ))}
                  <Table.Td>
                    {removable && (
                      <ActionIcon
                        aria-label={t('bucket-settings.remove', { name: label })}
                        onClick={() => set(grants.filter((grant) => nameOf(grant) !== name))}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
      <Group gap="xs" align="flex-end">
        <TextInput
          style={{ flex: '1 1 260px' }}
          label={t('bucket-settings.acl.account')}
          description={t('bucket-settings.acl.account-text')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          disabled={disabled}
          value={added}
          onChange={(event) => setAdded(event.currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={disabled || added.trim() === ''}
          onClick={add}
          mb={22}
        >
          {t('bucket-settings.acl.add')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {t('bucket-settings.acl.own-id')} <span className="mono">{owner}</span>{' '}
        <CopyButton value={owner} label={t('bucket-settings.acl.own-id')} />
      </Text>
    </Stack>
  );
}
