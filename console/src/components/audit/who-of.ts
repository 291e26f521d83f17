import type { AuditRecordView } from '../../api/audit.ts';

/** A name if there is one, else what was signed with. */
export const whoOf = ({ who }: AuditRecordView): string | undefined => who.name ?? who.accessKey ?? who.id;
