import type { Json } from '../json.ts';
import type { CloudEvent, FeatureNotice } from '../ports/feature.ts';
import type { ActionableIncident, Message, MessageKind, Severity } from './message.ts';

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
  /** Default: notice. */
  readonly kind?: MessageKind;
  /** Default: none. */
  readonly links?: { title: string; url: string }[];
  readonly incident?: ActionableIncident;
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
  kind = 'notice',
  links,
  incident,
}: Notice): Message => ({
  kind,
  severity,
  audience: 'team',
  subject,
  sections,
  reference,
  dedupeKey: key,
  ...(owners === undefined ? {} : { owners }),
  ...(data === undefined ? {} : { data }),
  ...(event === undefined ? {} : { event }),
  ...(links === undefined ? {} : { links }),
  ...(incident === undefined ? {} : { incident }),
});

/** What a feature tells, as a step hands it on. */
export const asNotice = ({ sections, owners, links, ...notice }: FeatureNotice): Notice => ({
  ...notice,
  sections: sections.map(({ title, lines }) => ({ title, lines: [...lines] })),
  ...(owners === undefined ? {} : { owners: [...owners] }),
  ...(links === undefined ? {} : { links: [...links] }),
});
