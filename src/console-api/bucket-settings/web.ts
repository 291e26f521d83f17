// CORS and the website.
import type { CorsRule, RoutingRule, WebsiteConfiguration } from '../../metadata/tables/web.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { checkCors, parseCorsMethod } from '../../storage/check-cors.ts';
import {
  checkRuleCount,
  invalidWebsite,
  parseCondition,
  parseErrorKey,
  parseHost,
  parseIndexSuffix,
  parseProtocol,
  parseRedirectStatus,
  parseReplacement,
} from '../../storage/website-values.ts';
import { type CorsDocument, corsDocument, type WebsiteDocument, websiteDocument } from '../contract/bucket-settings.ts';
import { setting, written } from './setting.ts';

type CorsRuleDocument = CorsDocument['CORSRules'][number];
type RoutingRuleDocument = NonNullable<WebsiteDocument['RoutingRules']>[number];

const corsRule = (rule: CorsRuleDocument): CorsRule => ({
  id: rule.ID ?? null,
  methods: rule.AllowedMethods.map(parseCorsMethod),
  origins: rule.AllowedOrigins,
  headers: rule.AllowedHeaders ?? [],
  exposeHeaders: rule.ExposeHeaders ?? [],
  maxAgeSeconds: rule.MaxAgeSeconds ?? null,
});

const writtenCors = ({ id, methods, origins, headers, exposeHeaders, maxAgeSeconds }: CorsRule): CorsRuleDocument => ({
  ...written({ ID: id }),
  AllowedMethods: [...methods],
  AllowedOrigins: [...origins],
  ...(headers.length === 0 ? {} : { AllowedHeaders: [...headers] }),
  ...(exposeHeaders.length === 0 ? {} : { ExposeHeaders: [...exposeHeaders] }),
  ...written({ MaxAgeSeconds: maxAgeSeconds }),
});

export const cors = setting({
  path: 'cors',
  name: 'BucketCors',
  summary: 'Which pages of other origins may call the bucket',
  document: corsDocument,
  reads: 's3:GetBucketCORS',
  writes: 's3:PutBucketCORS',
  read: async ({ bucket, storage }) => ({
    CORSRules: ((await configurationsOf(storage, bucket)).cors?.rules ?? []).map(writtenCors),
  }),
  write: async ({ storage }, { CORSRules }, change) => {
    const rules = CORSRules.map(corsRule);
    checkCors(rules);
    await changeConfiguration(storage, { ...change, name: 'cors', value: rules.length === 0 ? null : { v: 1, rules } });
  },
});

function routingRule({ Condition, Redirect }: RoutingRuleDocument): RoutingRule {
  const condition =
    Condition === undefined
      ? { keyPrefix: null, errorCode: null }
      : parseCondition(Condition.KeyPrefixEquals, Condition.HttpErrorCodeReturnedEquals);
  return {
    condition,
    redirect: {
      protocol: parseProtocol(Redirect.Protocol),
      host: Redirect.HostName === undefined ? null : parseHost(Redirect.HostName),
      replaceKey: parseReplacement(Redirect.ReplaceKeyWith, Redirect.ReplaceKeyPrefixWith),
      status: parseRedirectStatus(Redirect.HttpRedirectCode),
    },
  };
}

function writtenRouting({ condition, redirect }: RoutingRule): RoutingRuleDocument {
  const { keyPrefix, errorCode } = condition;
  const { protocol, host, replaceKey, status } = redirect;
  const Condition = written({
    KeyPrefixEquals: keyPrefix,
    HttpErrorCodeReturnedEquals: errorCode === null ? null : String(errorCode),
  });
  return {
    ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
    Redirect: written({
      Protocol: protocol,
      HostName: host,
      ReplaceKeyPrefixWith: replaceKey?.with === 'prefix' ? replaceKey.text : null,
      ReplaceKeyWith: replaceKey?.with === 'key' ? replaceKey.text : null,
      HttpRedirectCode: status === null ? null : String(status),
    }),
  };
}

/** null: no website. */
function websiteOf(document: WebsiteDocument): WebsiteConfiguration | null {
  const { IndexDocument, ErrorDocument, RedirectAllRequestsTo: all, RoutingRules = [] } = document;
  if (all !== undefined) {
    if (Object.keys(document).length > 1) {
      throw invalidWebsite('RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.');
    }
    return { v: 1, kind: 'redirect-all', host: parseHost(all.HostName), protocol: parseProtocol(all.Protocol) };
  }
  if (Object.keys(document).length === 0) return null;
  if (IndexDocument === undefined) {
    throw invalidWebsite('A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty');
  }
  checkRuleCount(RoutingRules.length);
  return {
    v: 1,
    kind: 'pages',
    indexSuffix: parseIndexSuffix(IndexDocument.Suffix),
    errorKey: parseErrorKey(ErrorDocument?.Key),
    rules: RoutingRules.map(routingRule),
  };
}

function writtenWebsite(website: WebsiteConfiguration): WebsiteDocument {
  if (website.kind === 'redirect-all') {
    return { RedirectAllRequestsTo: { HostName: website.host, ...written({ Protocol: website.protocol }) } };
  }
  return {
    IndexDocument: { Suffix: website.indexSuffix },
    ...(website.errorKey === null ? {} : { ErrorDocument: { Key: website.errorKey } }),
    ...(website.rules.length === 0 ? {} : { RoutingRules: website.rules.map(writtenRouting) }),
  };
}

export const website = setting({
  path: 'website',
  name: 'BucketWebsite',
  summary: 'The bucket as a website: its pages, or where it sends everybody',
  document: websiteDocument,
  reads: 's3:GetBucketWebsite',
  writes: 's3:PutBucketWebsite',
  read: async ({ bucket, storage }) => {
    const { website: set } = await configurationsOf(storage, bucket);
    return set === undefined ? {} : writtenWebsite(set);
  },
  write: async ({ storage }, document, change) => {
    await changeConfiguration(storage, { ...change, name: 'website', value: websiteOf(document) });
  },
});
