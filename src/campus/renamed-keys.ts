import type { Finding, YamlPath } from './problem.ts';
import { isRecord } from './schema-at.ts';

/** A key, or a value of a key, that earlier versions named otherwise. */
interface Renamed extends OldName {
  /** Where the key lies, or the value; `*` is any key or index. The two files share no path. */
  readonly at: readonly string[];
  readonly what: 'key' | 'value';
}

const key = (at: string, old: string, now: string): Renamed => ({ at: at.split('.'), what: 'key', old, now });
const value = (at: string, old: string, now: string): Renamed => ({
  at: at.split('.'),
  what: 'value',
  old,
  now,
});

const RENAMED: readonly Renamed[] = [
  value('privacy.defaults.*', 'leave_behind', 'exclude'),
  key('sources.*', 'downloads', 'concurrentDownloads'),
  key('sources.*', 'connections', 'maxConnections'),
  key('warehouse', 'readers', 'readOnlyUser'),
  key('warehouse', 'statementMinutes', 'statementTimeoutMinutes'),
  key('warehouse', 'idleMinutes', 'idleTimeoutMinutes'),
  key('ledger', 'stepDays', 'stepRetentionDays'),
  key('raw', 'days', 'retentionDays'),
  key('aws', 'emails', 'alarmEmails'),
  key('aws', 'logDays', 'logRetentionDays'),
  key('aws.network', 'range', 'cidr'),
  key('aws.network.vpn', 'ranges', 'cidrs'),
  key('aws.spark', 'minutes', 'timeoutMinutes'),
  value('datasets.*.columns.*.treatment', 'leave_behind', 'exclude'),
  key('datasets.*.columns.*', 'pseudonymKind', 'pseudonymNamespace'),
  key('datasets.*.columns.*', 'whyNone', 'privacyReason'),
  key('datasets.*.checks.*', 'dropPercent', 'maxDropPercent'),
];

const ANY_OLD = new RegExp(`\\b(${[...new Set(RENAMED.map(({ old }) => old))].join('|')})\\b`);

/** Whether a text may hold an old name: most hold none, and need not be searched. */
export const mayHoldOldNames = (text: string): boolean => ANY_OLD.test(text);

/** An old name, and that of today. */
export interface OldName {
  readonly old: string;
  readonly now: string;
}

/** An old name that was read as its new one. */
export interface ReadAs extends OldName {
  /** Of the key, or of the value, by its new name. */
  readonly path: YamlPath;
  readonly what: 'key' | 'value';
}

/**
 * Puts the names of today in place of old ones, in a parsed file.
 * @returns what was renamed, and a problem for each map that has a key by both its names
 */
export function readOldNames(file: unknown): { renamed: ReadAs[]; problems: Finding[] } {
  const renamed: ReadAs[] = [];
  const problems: Finding[] = [];
  for (const { at, what, old, now } of RENAMED) {
    const parents = what === 'key' ? at : at.slice(0, -1);
    for (const { holder, path } of holdersAt(file, parents)) {
      if (what === 'value') {
        const names = at.at(-1) === '*' ? Object.keys(holder) : [at.at(-1)!];
        for (const name of names.filter((each) => holder[each] === old)) {
          holder[name] = now;
          renamed.push({ path: [...path, name], what, old, now });
        }
      } else if (Object.hasOwn(holder, old) && Object.hasOwn(holder, now)) {
        problems.push({
          path: [...path, old],
          on: 'key',
          text: `both "${old}" and "${now}" are given, two names of one key; keep "${now}"`,
        });
        delete holder[old];
      } else if (renameKey(holder, old, now)) {
        renamed.push({ path: [...path, now], what, old, now });
      }
    }
  }
  return { renamed, problems };
}

/** A check in a model's header by the names of today; `problem` where it has a key by both its names. */
export function checkByNewNames(check: unknown): { check: unknown; oldNames: OldName[]; problem?: string } {
  const { renamed, problems } = readOldNames({ datasets: [{ checks: [check] }] });
  return { check, oldNames: renamed, ...(problems[0] && { problem: problems[0].text }) };
}

/** `"dropPercent" is now called "maxDropPercent"` */
export const renamedText = ({ old, now }: OldName): string => `"${old}" is now called "${now}"`;

/** A warning for each old name in a file, at its first place. */
export function warningsOf(renamed: readonly ReadAs[]): Finding[] {
  const first = renamed.filter(
    ({ old, now }, i) => renamed.findIndex((each) => each.old === old && each.now === now) === i,
  );
  return first.map(({ path, what, old, now }) => {
    const times = renamed.filter((each) => each.old === old && each.now === now).length;
    const often = times > 1 ? ` (${times} times in this file)` : '';
    return { path, on: what, text: `${renamedText({ old, now })}${often}; the old name is still read` };
  });
}

/** A path in the file as it is written: old names where they were renamed. */
export function asWritten(path: YamlPath, renamed: readonly ReadAs[]): YamlPath {
  return renamed
    .filter(
      ({ what, path: now }) => what === 'key' && now.every((part, i) => String(path[i]) === String(part)),
    )
    .reduce<YamlPath>((written, { path: now, old }) => written.with(now.length - 1, old), path);
}

function renameKey(holder: Record<string, unknown>, old: string, now: string): boolean {
  if (!Object.hasOwn(holder, old)) return false;
  holder[now] = holder[old];
  delete holder[old];
  return true;
}

interface Holder {
  readonly holder: Record<string, unknown>;
  readonly path: YamlPath;
}

/** The maps that a pattern leads to. */
function holdersAt(root: unknown, at: readonly string[]): Holder[] {
  let here: { node: unknown; path: YamlPath }[] = [{ node: root, path: [] }];
  for (const part of at)
    here = here.flatMap(({ node, path }) => {
      if (Array.isArray(node))
        return part === '*' ? node.map((item: unknown, i) => ({ node: item, path: [...path, i] })) : [];
      if (!isRecord(node)) return [];
      const names = part === '*' ? Object.keys(node) : Object.hasOwn(node, part) ? [part] : [];
      return names.map((name) => ({ node: node[name], path: [...path, name] }));
    });
  return here.flatMap(({ node, path }) => (isRecord(node) ? [{ holder: node, path }] : []));
}
