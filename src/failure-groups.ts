import type { Failure } from './failure.ts';

/** Failures of one cause. The fields of a failure are those of the first one. */
export type FailureGroup<F extends Failure = Failure> = F & {
  /** How many steps failed so. */
  readonly count: number;
  /** What they were about: the first 50, in order of name. */
  readonly tables: string[];
  /** Who answers for these, by the catalog and the models. */
  readonly owners: string[];
};

/** Names that a group lists; `count` says how many there are. */
const LISTED = 50;

/**
 * Failures by their cause: one refused login is one group, whatever the number of tables that met it. Failures that
 * reach one item alone are of one cause where code, source and words are the same but for names and numbers.
 * @param ownerOf who answers for a dataset or a model. Default: nobody is named
 */
export function groupFailures<F extends Failure>(
  failures: readonly F[],
  ownerOf: (about: string) => string | undefined = () => undefined,
): FailureGroup<F>[] {
  const groups = new Map<string, F[]>();
  for (const failure of failures) {
    const key = causeOf(failure);
    const group = groups.get(key);
    if (group) group.push(failure);
    else groups.set(key, [failure]);
  }
  return [...groups.values()].map((group) => {
    const tables = [...new Set(group.map(({ about }) => about).filter(Boolean))].sort();
    const owners = new Set(tables.map(ownerOf).filter((owner) => owner !== undefined));
    return { ...group[0]!, count: group.length, tables: tables.slice(0, LISTED), owners: [...owners].sort() };
  });
}

function causeOf({ code, source, reach, about, message, hint }: Failure): string {
  if (reach === 'lake') return code;
  if (reach === 'source') return `${code}|${source}`;
  return [code, source, withoutNames(message, about), withoutNames(hint, about)].join('|');
}

/** The words that are the same for every table that met the cause: its own names, ids and numbers are taken out. */
function withoutNames(text: string, about: string): string {
  const names = about === '' ? [] : [about, about.split('.').at(-1)!];
  return names
    .reduce((rest, name) => rest.replaceAll(new RegExp(`(?<!\\w)${escaped(name)}(?!\\w)`, 'g'), '…'), text)
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '#')
    .replaceAll(/\d+/g, '#');
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
