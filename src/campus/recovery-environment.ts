import { isRecord } from './schema-at.ts';

/** The environment of the lake in the second Region: alone, or after the name of another environment. */
export const RECOVERY = 'recovery';

type Yaml = Readonly<Record<string, unknown>>;

/** `aws.recovery`: what is other in the second Region. */
const OWN = ['kmsKey', 'secretsKey', 'catalogKey', 'network'] as const;
/** What is bound to the Region of the lake that is copied. */
const BOUND = ['recovery', 'kmsKey', 'secretsKey', 'catalogKey'];

/**
 * The environment whose lake this one recovers; undefined where it is no recovery environment.
 * @returns `''` for the file without environments
 */
export function recoveredBy(environment: string): string | undefined {
  if (environment === RECOVERY) return '';
  return environment.endsWith(`-${RECOVERY}`) ? environment.slice(0, -RECOVERY.length - 1) : undefined;
}

/** The environment of the second Region of the lake of an environment. */
export const recoveryFor = (environment: string | undefined): string =>
  environment === undefined || environment === '' ? RECOVERY : `${environment}-${RECOVERY}`;

/** The name of the lake in the second Region. */
export const recoveryName = (name: string, recovery: { readonly name?: string }): string =>
  recovery.name ?? `${name}-r`;

/**
 * The lake in the second Region, of the file of the first: the same databases and sources, with names and keys of that
 * Region. It copies nothing itself.
 * @param primary the file of the first lake, its environment laid over it
 * @returns undefined where the first lake has no `aws.recovery`
 */
export function recoveryFile(primary: unknown, defaults: { readonly name: string; readonly folder: string }) {
  if (!isRecord(primary) || !isRecord(primary.aws) || !isRecord(primary.aws.recovery)) return undefined;
  const { aws } = primary;
  const recovery = aws.recovery as Yaml;
  const name = typeof aws.name === 'string' ? aws.name : defaults.name;
  const replication = isRecord(aws.replication) ? aws.replication : {};
  const prefix = aws.databasePrefix ?? (name === defaults.name ? '' : `${name.replaceAll('-', '_')}_`);
  const kept = Object.fromEntries(Object.entries(aws).filter(([key]) => !BOUND.includes(key)));
  const own = Object.fromEntries(
    OWN.flatMap((key) => (recovery[key] === undefined ? [] : [[key, recovery[key]]])),
  );
  const folder = typeof primary.lake === 'string' ? primary.lake : defaults.folder;
  return {
    ...primary,
    lake: `${folder.replace(/\/+$/, '')}-${RECOVERY}`,
    aws: {
      ...kept,
      ...own,
      name: recoveryName(name, recovery as { name?: string }),
      region: recovery.region,
      databasePrefix: prefix,
      // Roles have no Region: the first lake has made them.
      replication: { ...replication, accountRoles: 'exist' },
      recoveryOf: { name, region: aws.region },
    },
  } satisfies Yaml;
}
