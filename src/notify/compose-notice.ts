import type { Json } from '../json.ts';
import type { CloudEvent } from '../ports/feature.ts';
import type { Message, Severity } from './message.ts';

/** A message of its own, besides how a run ended. Plain JSON: a step hands it on. */
export type Notice = {
  /** Nobody receives one key twice. */
  readonly key: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly sections: { title: string; lines: string[] }[];
  readonly reference: Message['reference'];
  /** Owners whom it concerns, as the catalog names them. Default: the team alone. */
  readonly owners?: string[];
  readonly data?: { readonly [field: string]: Json };
  readonly event?: CloudEvent;
};

export const composeNotice = ({
  key,
  severity,
  subject,
  sections,
  reference,
  owners,
  data,
  event,
}: Notice): Message => ({
  kind: 'notice',
  severity,
  audience: 'team',
  subject,
  sections,
  reference,
  dedupeKey: key,
  ...(owners === undefined ? {} : { owners }),
  ...(data === undefined ? {} : { data }),
  ...(event === undefined ? {} : { event }),
});
