import type { Json } from '../../json.ts';

/**
 * What a feature says of a finished run: counts and names of tables, never a value of a row.
 *
 * @example
 * ```ts
 * import type { FeatureSummary } from '../feature.ts';
 *
 * const summary: FeatureSummary = {
 *   headline: '2 sections are over-full',
 *   lines: ['2 sections have more students than seats.'],
 * };
 * ```
 */
export interface FeatureSummary {
  /** Part of the subject when the run succeeded: `31 students may need attention`. */
  readonly headline?: string;
  readonly lines: readonly string[];
}

/**
 * Something of the lake's state that is as it should not be: names and counts, never a value of a row.
 *
 * @example
 * ```ts
 * import type { FeatureSignal } from '../feature.ts';
 *
 * const late: FeatureSignal = {
 *   code: 'reminders-late',
 *   about: 'reminders',
 *   tables: ['canvas.submissions'],
 *   severity: 'warning',
 *   message: 'The reminders of today were not made.',
 * };
 * ```
 */
export interface FeatureSignal {
  /** Stable, kebab-case. */
  readonly code: string;
  /** What it is about, by the feature's own name for it. */
  readonly about: string;
  /** The tables that it concerns. */
  readonly tables: readonly string[];
  readonly severity: 'warning' | 'error';
  readonly message: string;
}

/**
 * A message of its own to the team. Nobody receives one key twice.
 *
 * @example
 * ```ts
 * import type { FeatureNotice } from '../feature.ts';
 *
 * const notice: FeatureNotice = {
 *   key: 'reminders/2026-11-30',
 *   severity: 'info',
 *   subject: '12 reminders were made',
 *   sections: [{ title: '', lines: ['12 reminders were made for 3 courses.'] }],
 *   reference: { what: 'Reminders', id: '2026-11-30' },
 * };
 * ```
 */
export interface FeatureNotice {
  readonly key: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** One line. */
  readonly subject: string;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** What it is about, for a person who looks it up. */
  readonly reference: { readonly what: string; readonly id: string };
  /** Owners whom it concerns, as the catalog names them. Default: the team alone. */
  readonly owners?: readonly string[];
  /** The same for programs. Default: nothing. */
  readonly data?: { readonly [field: string]: Json };
  /** What a webhook is sent instead. Default: subject, text and data. */
  readonly event?: CloudEvent;
  /** `event`: for programs alone; people are not told. Default: notice. */
  readonly kind?: 'notice' | 'event';
  /** Where there is more to see. Default: nowhere. */
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  /** The incident that it is about, which a channel that takes answers offers to act on. Default: none. */
  readonly incident?: {
    readonly id: string;
    readonly repair?: { readonly name: string; readonly title: string };
  };
}

/** For whom and how often a feature's part of a summary is asked. */
export interface DigestAsked {
  readonly period: 'daily' | 'weekly';
  /** Only what concerns data of these owners; empty: everything. */
  readonly owners: readonly string[];
}

/** A feature's part of a summary; each line fits a phone. */
export interface FeatureDigest {
  /** Part of the subject: `2 incidents open`. Default: nothing. */
  readonly headline?: string;
  /** Whether somebody should look. Default: no. */
  readonly needsLook?: boolean;
  readonly lines: readonly string[];
}

/**
 * Something that happened, in structured JSON. Source and id together are unique: a receiver can tell a repetition.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  /** A URI reference: `/campus-lake/springfield/levels` */
  readonly source: string;
  /** `campus-lake.service-level.firing` */
  readonly type: string;
  readonly subject: string;
  /** RFC 3339 */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: { readonly [field: string]: Json };
};
