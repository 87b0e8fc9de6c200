import type { Json } from '../json.ts';
import type { CloudEvent } from '../ports/feature.ts';

/** A notification of any kind. Channels know how to show it, and nothing of runs. Plain JSON. */
export type Message = {
  readonly kind: MessageKind;
  readonly severity: Severity;
  /** Whom it concerns. */
  readonly audience: Audience;
  /** Owners of data whom it concerns, as the catalog names them. Default: nobody but the audience. */
  readonly owners?: readonly string[];
  /** One line. */
  readonly subject: string;
  /** The first as a rule without a title: what a person reads who reads no further. */
  readonly sections: readonly Section[];
  /** Where there is more to see. Default: nowhere. */
  readonly links?: readonly Link[];
  /** What it is about, for a person who looks it up. */
  readonly reference: { readonly what: string; readonly id: string };
  /**
   * Messages with the same key are one message: nobody receives it twice. It is the beginning of the ids
   * in `ops.notifications`.
   */
  readonly dedupeKey: string;
  /** The same for programs: further fields of what a webhook is sent. Default: none. */
  readonly data?: { readonly [field: string]: Json };
  /** What a webhook is sent instead. Default: subject, text and data. */
  readonly event?: CloudEvent;
  /** The incident that people can act on, where a channel can take an answer. Default: none. */
  readonly incident?: ActionableIncident;
};

/**
 * `run`: how a run ended. `notice`: something else that a feature tells. `daily`, `weekly`: summaries, for channels that ask
 * for them. `event`: for programs alone.
 */
export type MessageKind = 'run' | 'alert' | 'notice' | 'daily' | 'weekly' | 'event';

/** `info`: all is well. `warning`: somebody should look at it. `error`: somebody has to. */
export type Severity = 'info' | 'warning' | 'error';

/** `team`: who operates the lake. */
export type Audience = 'team' | 'advisers';

/** A heading with its lines; the form of text and Slack blocks alike. */
export interface Section {
  /** Empty: none. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** What of an incident a message needs to ask for an answer. */
export type ActionableIncident = {
  readonly id: string;
  /** The repair that a button begins, with its title. Default: there is none. */
  readonly repair?: { readonly name: string; readonly title: string };
};

export interface Link {
  readonly title: string;
  readonly url: string;
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/** Which messages a channel takes. */
export interface Route {
  readonly audience: Audience;
  /** The mildest that it takes. */
  readonly from: Severity;
  /** Default: all kinds but summaries and what is for programs alone. */
  readonly kinds?: readonly MessageKind[];
  /** Only what concerns one of these owners. Default: whomever it concerns. */
  readonly owners?: readonly string[];
  /** Only what is an event for programs, of a type that begins so. Default: with and without. */
  readonly events?: readonly string[];
}

const USUAL: readonly MessageKind[] = ['run', 'alert', 'notice'];
const SUMMARIES: readonly MessageKind[] = ['daily', 'weekly'];

/** Whether a message goes that way. */
export function takes(
  { audience, from, kinds = USUAL, owners, events }: Route,
  message: Pick<Message, 'audience' | 'severity' | 'kind' | 'owners' | 'event'>,
): boolean {
  const isSevere = SEVERITIES.indexOf(message.severity) >= SEVERITIES.indexOf(from);
  return (
    message.audience === audience &&
    isSevere &&
    kinds.includes(message.kind) &&
    concerns(owners, message) &&
    (events?.some((type) => `${message.event?.type}.`.startsWith(`${type}.`)) ?? true)
  );
}

/** A summary is made for a group of owners, or for all: each channel takes its own. */
function concerns(
  owners: readonly string[] | undefined,
  { kind, owners: whose = [] }: Pick<Message, 'kind' | 'owners'>,
): boolean {
  if (SUMMARIES.includes(kind)) return JSON.stringify(owners ?? []) === JSON.stringify(whose);
  return owners?.some((owner) => whose.includes(owner)) ?? true;
}

/** The message as plain text, without its subject. */
export function textOf({ sections, links = [], reference }: Message): string {
  const lines = [
    ...sections.flatMap(({ title, lines: own }) =>
      title ? ['', title, ...own.map((line) => `  ${line}`)] : own,
    ),
    ...(links.length > 0 ? ['', ...links.map(({ title, url }) => `${title}: ${url}`)] : []),
    '',
    `${reference.what} ${reference.id}`,
  ];
  return `${lines.join('\n')}\n`;
}
