// CORS and the website.
import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CorsDocument, WebsiteDocument } from '../../../../src/console-api/contract/bucket-settings.ts';
import { bucketQuery, storageOptionsQuery } from '../../api/buckets.ts';
import { Copyable } from '../copyable.tsx';
import { Notice } from '../notice.tsx';
import type { FormProps } from './setting-panel.tsx';
import classes from './settings.module.css';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];
type Rule = CorsDocument['CORSRules'][number];

/** The original and AWS's own console show the bare list of rules. */
export const adoptCors = (pasted: object): object => (Array.isArray(pasted) ? { CORSRules: pasted } : pasted);

export function CorsForm({ value, onChange }: FormProps<CorsDocument>) {
  const { t } = useTranslation();
  const rules = value.CORSRules;
  const change = (index: number, part: Partial<Rule>) =>
    onChange({ CORSRules: rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)) });
  return (
    <Stack>
      {rules.length === 0 && <Text c="dimmed">{t('bucket-settings.cors.none')}</Text>}
      {rules.map((rule, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- rules have no identity but their place
        <Stack
          key={index}
          className={classes['card'] ?? ''}
          role="group"
          aria-label={t('bucket-settings.rule', { number: index + 1 })}
        >
          <Group justify="space-between">
            <Text fw={600}>{rule.ID ?? t('bucket-settings.rule', { number: index + 1 })}</Text>
            <Button
              size="xs"
              variant="subtle"
              color="red"
              onClick={() => onChange({ CORSRules: rules.filter((_, at) => at !== index) })}
            >
              {t('bucket-settings.remove-rule')}
            </Button>
          </Group>
          <TagsInput
            label={t('bucket-settings.cors.origins')}
            description={t('bucket-settings.cors.origins-text')}
            placeholder="https://www.example.com"
            splitChars={[',', ' ']}
            acceptValueOnBlur
            value={rule.AllowedOrigins}
            onChange={(AllowedOrigins) => change(index, { AllowedOrigins })}
          />
          <Checkbox.Group
            label={t('bucket-settings.cors.methods')}
            value={rule.AllowedMethods}
            onChange={(chosen) => change(index, { AllowedMethods: METHODS.filter((name) => chosen.includes(name)) })}
          >
            <Group gap="lg" mt={8}>
              {METHODS.map((name) => (
                <Checkbox key={name} value={name} label={name} />
              ))}
            </Group>
          </Checkbox.Group>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TagsInput
              label={t('bucket-settings.cors.headers')}
              splitChars={[',', ' ']}
              acceptValueOnBlur
              value={rule.AllowedHeaders ?? []}
              onChange={(AllowedHeaders) => change(index, { AllowedHeaders })}
            />
            <TagsInput
              label={t('bucket-settings.cors.expose')}
              splitChars={[',', ' ']}
              acceptValueOnBlur
              value={rule.ExposeHeaders ?? []}
              onChange={(ExposeHeaders) => change(index, { ExposeHeaders })}
            />
          </SimpleGrid>
          <NumberInput
            w={220}
            label={t('bucket-settings.cors.age')}
            min={0}
            allowDecimal={false}
            value={rule.MaxAgeSeconds ?? ''}
            onChange={(age) => change(index, { MaxAgeSeconds: typeof age === 'number' ? age : undefined })}
          />
        </Stack>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange({ CORSRules: [...rules, { AllowedOrigins: [], AllowedMethods: ['GET', 'HEAD'] }] })}
        >
          {t('bucket-settings.add-rule')}
        </Button>
      </div>
    </Stack>
  );
}

const kinds = ['off', 'pages', 'redirect'] as const;

export function WebsiteForm({ place, value, onChange }: FormProps<WebsiteDocument>) {
  const { t } = useTranslation();
  const { websiteHosts } = useQuery(storageOptionsQuery(place.projectId)).data ?? {};
  const isPublic = useQuery(bucketQuery(place.projectId, place.bucket)).data?.publicAccess;
  const kind =
    value.RedirectAllRequestsTo !== undefined ? 'redirect' : value.IndexDocument !== undefined ? 'pages' : 'off';
  const starts: Record<(typeof kinds)[number], WebsiteDocument> = {
    off: {},
    pages: { IndexDocument: { Suffix: 'index.html' } },
    redirect: { RedirectAllRequestsTo: { HostName: '', Protocol: 'https' } },
  };
  const all = value.RedirectAllRequestsTo;
  return (
    <Stack>
      <Radio.Group
        aria-label={t('bucket-settings.website.title')}
        value={kind}
        onChange={(next) => onChange(starts[kinds.find((one) => one === next) ?? 'off'])}
      >
        <Stack gap="sm">
          {kinds.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`bucket-settings.website.${one}`)}
              description={t(`bucket-settings.website.${one}-text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {kind === 'pages' && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('bucket-settings.website.index')}
            value={value.IndexDocument?.Suffix ?? ''}
            onChange={(event) => onChange({ ...value, IndexDocument: { Suffix: event.currentTarget.value } })}
          />
          <TextInput
            label={t('bucket-settings.website.error')}
            placeholder="error.html"
            value={value.ErrorDocument?.Key ?? ''}
            onChange={(event) => {
              const { ErrorDocument: _before, ...rest } = value;
              const Key = event.currentTarget.value;
              onChange(Key === '' ? rest : { ...rest, ErrorDocument: { Key } });
            }}
          />
        </SimpleGrid>
      )}
      {kind === 'pages' && (value.RoutingRules?.length ?? 0) > 0 && (
        <Text size="sm" c="dimmed">
          {t('bucket-settings.website.rules', { count: value.RoutingRules?.length ?? 0 })}
        </Text>
      )}
      {all !== undefined && (
        <Group gap="sm" align="flex-end">
          <TextInput
            style={{ flex: '1 1 240px' }}
            label={t('bucket-settings.website.host')}
            placeholder="www.example.com"
            value={all.HostName}
            onChange={(event) => onChange({ RedirectAllRequestsTo: { ...all, HostName: event.currentTarget.value } })}
          />
          <Radio.Group
            label={t('bucket-settings.website.protocol')}
            value={all.Protocol ?? 'https'}
            onChange={(Protocol) => onChange({ RedirectAllRequestsTo: { ...all, Protocol } })}
          >
            <Group h={36}>
              <Radio value="https" label="https" />
              <Radio value="http" label="http" />
            </Group>
          </Radio.Group>
        </Group>
      )}
      {kind !== 'off' && websiteHosts?.length === 0 && (
        <Notice tone="warning">{t('bucket-settings.website.no-domain')}</Notice>
      )}
      {kind !== 'off' && websiteHosts !== undefined && websiteHosts.length > 0 && (
        <div>
          <Text size="sm" fw={500}>
            {t('bucket-settings.website.address')}
          </Text>
          {websiteHosts.map((host) => (
            <Copyable
              key={host}
              value={`https://${place.bucket}.${host}/`}
              label={t('bucket-settings.website.address')}
            />
          ))}
        </div>
      )}
      {kind === 'pages' && isPublic === false && (
        <Notice tone="warning">{t('bucket-settings.website.not-public')}</Notice>
      )}
    </Stack>
  );
}
