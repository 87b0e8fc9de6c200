import { didYouMean } from './nearest.ts';
import type { Finding, YamlPath } from './problem.ts';
import { recoveredBy, recoveryFile, recoveryFor } from './recovery-environment.ts';
import { isRecord } from './schema-at.ts';

/** Of a lake that campus.yaml does not name: `aws.name`. */
export const DEFAULT_LAKE_NAME = 'campus-lake';
const DEFAULT_FOLDER = '.lake';

type Yaml = Readonly<Record<string, unknown>>;

/** What one environment makes of a file: `campus.yaml` with the values of `environments.<name>` in their places. */
export interface Overlay {
  readonly environment: string;
  apply(file: unknown): unknown;
  /** Where a value of the result was written: in the environment, or in the rest of the file. */
  writtenAt(path: YamlPath): YamlPath;
}

/**
 * The overlay of an environment. Maps are merged key by key; a list or a single value takes the place of the earlier
 * one. No two environments share anything by default: the name of the lake on AWS and its folder on this machine end in
 * the name of the environment unless it gives its own.
 */
export function overlayOf(environment: string): Overlay {
  let written: unknown;
  return {
    environment,
    apply(file) {
      if (!isRecord(file)) return file;
      const { environments, ...base } = file;
      const declared = environmentsOf(file);
      const of = declared.includes(environment) ? undefined : recoveredBy(environment);
      if (of !== undefined && (of === '' || declared.includes(of))) {
        const first = of === '' ? base : overlayOf(of).apply(file);
        const second = recoveryFile(first, { name: DEFAULT_LAKE_NAME, folder: DEFAULT_FOLDER });
        if (second) return second;
      }
      written = isRecord(environments) ? environments[environment] : undefined;
      const own = isRecord(written) ? written : {};
      return merge(withOwnNames(base, environment), own);
    },
    writtenAt: (path) => (reaches(written, path) ? ['environments', environment, ...path] : path),
  };
}

/** Names of the environments of a parsed `campus.yaml`. */
export function environmentsOf(file: unknown): string[] {
  return isRecord(file) && isRecord(file.environments) ? Object.keys(file.environments) : [];
}

/** Environments that nobody writes: those of second Regions (`aws.recovery`), by the names of the others. */
export function recoveriesOf(file: unknown): string[] {
  const declared = environmentsOf(file);
  const all = declared.length === 0 ? [undefined] : declared;
  return all.flatMap((environment) => {
    const first = environment === undefined ? file : overlayOf(environment).apply(file);
    return isRecord(first) && isRecord(first.aws) && isRecord(first.aws.recovery)
      ? [recoveryFor(environment)]
      : [];
  });
}

/** Why an environment cannot be chosen. */
export function unknownEnvironment(environment: string, known: readonly string[]): Finding[] {
  if (known.includes(environment)) return [];
  return [
    {
      path: ['environments'],
      text:
        known.length === 0
          ? `environments: there are none in this file, and "${environment}" was asked for (--environment, LAKE_ENVIRONMENT)`
          : `environments: there is no "${environment}"${didYouMean(environment, known)}; expected one of ${known.join(', ')}`,
    },
  ];
}

/** Where a lake on AWS would be; what is absent is that of the credentials. */
export interface PlaceOnAws {
  readonly environment: string;
  readonly name: string;
  readonly account?: string;
}

/** Lakes of one name in one account share roles, whatever their regions. */
export function collisions(places: readonly PlaceOnAws[]): Finding[] {
  return places.flatMap((one, i) => {
    const other = places
      .slice(0, i)
      .find(
        ({ name, account }) =>
          name === one.name &&
          (account === one.account || account === undefined || one.account === undefined),
      );
    return other === undefined
      ? []
      : [
          {
            path: ['environments', one.environment],
            on: 'key' as const,
            text: `environments.${one.environment}: on AWS it would be the same lake as ${other.environment} (${one.name}), expected another aws.name or another aws.account`,
          },
        ];
  });
}

function withOwnNames(base: Yaml, environment: string): Yaml {
  const aws = isRecord(base.aws) ? base.aws : {};
  const folder = typeof base.lake === 'string' ? base.lake : DEFAULT_FOLDER;
  return {
    ...base,
    lake: `${folder.replace(/\/+$/, '')}-${environment}`,
    aws: { ...aws, name: `${typeof aws.name === 'string' ? aws.name : DEFAULT_LAKE_NAME}-${environment}` },
  };
}

function merge(base: Yaml, over: Yaml): Yaml {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = base[key];
    merged[key] = isRecord(before) && isRecord(value) ? merge(before, value) : value;
  }
  return merged;
}

function reaches(value: unknown, path: YamlPath): boolean {
  let here = value;
  for (const part of path) {
    if (Array.isArray(here)) here = here[Number(part)];
    else if (isRecord(here) && Object.hasOwn(here, part)) here = here[part];
    else return false;
  }
  return path.length > 0;
}
