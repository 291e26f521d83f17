// Which pages of other origins may call a bucket. The first rule that fits decides.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
import type { CorsConfiguration, CorsRule } from '../metadata/tables/web.ts';

export type CrossOriginCall = {
  readonly origin: string;
  /** of the call, or of the one that a preflight asks about */
  readonly method: string;
  /** that the call will carry, as a preflight names them */
  readonly headers: readonly string[];
};

export type CorsGrant = {
  readonly rule: CorsRule /** as the rule has it: `*`, or the caller's own */;
  readonly origin: string;
};

/** `pattern` has at most one `*`, which stands for any text, also none. */
export function fitsPattern(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function allowsHeader(rule: CorsRule, header: string): boolean {
  return rule.headers.some((pattern) => fitsPattern(pattern.toLowerCase(), header.toLowerCase()));
}

/** undefined: no rule allows it. */
export function findCorsGrant({ rules }: CorsConfiguration, call: CrossOriginCall): CorsGrant | undefined {
  for (const rule of rules) {
    const pattern = rule.origins.find((each) => fitsPattern(each, call.origin));
    if (pattern === undefined || !rule.methods.some((method) => method === call.method)) continue;
    if (call.headers.every((header) => allowsHeader(rule, header))) {
      return { rule, origin: pattern === '*' ? '*' : call.origin };
    }
  }
  return undefined;
}
