// A kept refusal as somebody may see it. Who was refused sees why; the text of policies is for those who may read them.
import type { RefusalRecord } from './refusal.ts';

export function viewOwnRefusal(record: RefusalRecord): RefusalRecord {
  const { explanation } = record;
  if (explanation.decision === null || explanation.decision.decidedBy === null) return record;
  const decidedBy = { ...explanation.decision.decidedBy, statement: null };
  return { ...record, explanation: { ...explanation, decision: { ...explanation.decision, decidedBy } } };
}
