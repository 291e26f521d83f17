// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html
import type { WebsiteConfiguration } from '../../metadata/tables/web.ts';
import { S3Error } from '../../shared/errors.ts';
import { changeConfiguration, configurationsOf } from '../../storage/bucket-configurations.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { parseRoutingRules, routingRuleXml } from '../website/routing-rules-xml.ts';
import {
  invalidWebsite,
  parseErrorKey,
  parseHost,
  parseIndexSuffix,
  parseProtocol,
} from '../../storage/website-values.ts';
import { childText, findChild, readXml, requiredText, type XmlElement } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 128 * 1024;

function parseConfiguration(bytes: Uint8Array): WebsiteConfiguration {
  const root = readXml(bytes, 'WebsiteConfiguration');
  const all = findChild(root, 'RedirectAllRequestsTo');
  return all === undefined ? parsePages(root) : parseRedirectAll(root, all);
}

function parseRedirectAll(root: XmlElement, all: XmlElement): WebsiteConfiguration {
  if (root.children.length > 1) {
    throw invalidWebsite('RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.');
  }
  return {
    v: 1,
    kind: 'redirect-all',
    host: parseHost(requiredText(all, 'HostName')),
    protocol: parseProtocol(childText(all, 'Protocol')),
  };
}

function parsePages(root: XmlElement): WebsiteConfiguration {
  const index = findChild(root, 'IndexDocument');
  if (index === undefined) {
    throw invalidWebsite('A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty');
  }
  const indexSuffix = parseIndexSuffix(requiredText(index, 'Suffix'));
  const error = findChild(root, 'ErrorDocument');
  const errorKey = parseErrorKey(error === undefined ? undefined : requiredText(error, 'Key'));
  return { v: 1, kind: 'pages', indexSuffix, errorKey, rules: parseRoutingRules(findChild(root, 'RoutingRules')) };
}

function toXml(website: WebsiteConfiguration): string {
  if (website.kind === 'redirect-all') {
    const { host, protocol } = website;
    const target = group('RedirectAllRequestsTo', element('HostName', host), element('Protocol', protocol));
    return resultDocument('WebsiteConfiguration', target);
  }
  const { indexSuffix, errorKey, rules } = website;
  return resultDocument(
    'WebsiteConfiguration',
    group('IndexDocument', element('Suffix', indexSuffix)),
    errorKey === null ? '' : group('ErrorDocument', element('Key', errorKey)),
    rules.length === 0 ? '' : group('RoutingRules', ...rules.map(routingRuleXml)),
  );
}

export const getBucketWebsite = declare({
  name: 'GetBucketWebsite',
  target: 'bucket',
  method: 'GET',
  match: ['website'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketWebsite' }],
  run: async (_input, context) => {
    const bucket = requireBucket(context);
    const { website } = await configurationsOf(context.services, bucket);
    if (website !== undefined) return { status: 200, body: toXml(website) };
    throw new S3Error('NoSuchWebsiteConfiguration', { fields: { BucketName: bucket.name } });
  },
});

export const putBucketWebsite = declare({
  name: 'PutBucketWebsite',
  target: 'bucket',
  method: 'PUT',
  match: ['website'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:PutBucketWebsite' }],
  run: async (_input, context) => {
    const { services, guard } = context;
    const value = parseConfiguration(await context.body.bytes(MAX_XML_BYTES));
    await changeConfiguration(services, { bucket: requireBucket(context), name: 'website', value, guard });
    return { status: 200 };
  },
});

export const deleteBucketWebsite = declare({
  name: 'DeleteBucketWebsite',
  target: 'bucket',
  method: 'DELETE',
  match: ['website'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:DeleteBucketWebsite' }],
  run: async (_input, context) => {
    const { services, guard } = context;
    await changeConfiguration(services, { bucket: requireBucket(context), name: 'website', value: null, guard });
    return { status: 204 };
  },
});
