import type { DmsSourceConfig, SourceConfig } from './campus-schema.ts';

/** What a source is to the college: its learning management system, or its student information system. */
export type SourceRole = 'lms' | 'sis';

/** The only place that maps a product to its role. A new kind of source does not compile until it is listed here. */
const ROLES = {
  canvas: 'lms',
  postgres: 'sis',
  oracle: 'sis',
  sqlserver: 'sis',
  mysql: 'sis',
} as const satisfies Record<SourceConfig['kind'], SourceRole>;

type KindsOf<Role extends SourceRole> = {
  [Kind in keyof typeof ROLES]: (typeof ROLES)[Kind] extends Role ? Kind : never;
}[keyof typeof ROLES];

/** Any source that is loaded as an LMS: asked for snapshots and increments, its records merged by key. */
export type LmsSourceConfig = Extract<SourceConfig, { kind: KindsOf<'lms'> }>;

/** The role of a source; undefined for one that campus.yaml does not have. */
export function roleOf(source: SourceConfig): SourceRole;
export function roleOf(source: SourceConfig | undefined): SourceRole | undefined;
export function roleOf(source: SourceConfig | undefined): SourceRole | undefined {
  return source && ROLES[source.kind];
}

export const isLms = (source: SourceConfig | undefined): source is LmsSourceConfig =>
  roleOf(source) === 'lms';

/** Whether a source is a database whose tables are copied. */
export const isSis = (source: SourceConfig | undefined): source is DmsSourceConfig =>
  roleOf(source) === 'sis';
