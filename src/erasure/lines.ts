import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { isLosslessNumber, parse, stringify } from 'lossless-json';
import type { Rewritten, RowField, RowRules, WatchedField } from '../ports/eraser.ts';
import type { ObjectStore, StoredObject } from '../ports/objects.ts';

/**
 * Records as JSON Lines, packed or not, as an LMS delivers them. Lines of other people are copied byte for byte:
 * a line is only understood where a text that is looked for stands in it.
 */

/** The distinct texts of some fields in records that an owner matches; null where empty. */
export async function matchesInLines(
  objects: ObjectStore,
  key: string,
  rules: RowRules,
  wanted: readonly RowField[],
): Promise<(string | null)[][]> {
  const verdict = judge(rules);
  const found = new Map<string, (string | null)[]>();
  for await (const line of linesOf(objects, key)) {
    const { record, isTheirs } = verdict(line);
    if (!isTheirs) continue;
    const texts = wanted.map((field) => (record ? textIn(record, field) : null));
    found.set(JSON.stringify(texts), texts);
  }
  return [...found.values()];
}

/**
 * Replaces the object, whole or not at all.
 * @param before called once it is known what will change, and before anything has
 * @returns undefined where nothing in it matched
 */
export async function rewriteLines(
  objects: ObjectStore,
  key: string,
  rules: RowRules,
  before: (done: Rewritten) => Promise<void>,
): Promise<(Rewritten & { readonly object: StoredObject }) | undefined> {
  const verdict = judge(rules);
  let removed = 0;
  let masked = 0;
  let emptied = 0;
  for await (const line of linesOf(objects, key)) {
    const { isTheirs, mentions } = verdict(line);
    if (isTheirs && rules.masks) masked += 1;
    else if (isTheirs) removed += 1;
    else emptied += mentions.length;
  }
  const done = { removed, masked, emptied };
  if (removed + masked + emptied === 0) return undefined;
  await before(done);
  const changed = Readable.from(changedLines(objects, key, rules));
  const body = key.endsWith('.gz') ? changed.pipe(createGzip()) : changed;
  changed.once('error', (error) => body.destroy(error));
  return { ...done, object: await objects.put(key, body) };
}

async function* changedLines(objects: ObjectStore, key: string, rules: RowRules): AsyncIterable<Buffer> {
  const verdict = judge(rules);
  for await (const line of linesOf(objects, key)) {
    const { record, isTheirs, mentions } = verdict(line);
    if (!isTheirs && mentions.length === 0) yield Buffer.from(line, 'latin1');
    else if (record && (!isTheirs || rules.masks))
      yield Buffer.from(`${stringify(rewritten(record, rules, mentions, isTheirs))}\n`);
  }
}

type Section = { [name: string]: unknown };
type JsonRecord = { readonly key?: Section; readonly value?: Section };

function rewritten(
  record: JsonRecord,
  rules: RowRules,
  mentions: readonly RowField[],
  isTheirs: boolean,
): JsonRecord {
  const change = (field: RowField, to: (text: string) => string | null) => {
    for (const section of [record.value, record.key]) {
      const text = section && textOf(section[field.name]);
      if (section && text !== null && text !== undefined) section[field.name] = to(text);
    }
  };
  if (!isTheirs) for (const field of mentions) change(field, () => null);
  if (isTheirs && rules.masks) {
    for (const field of rules.masks.emptied) change(field, () => null);
    for (const field of rules.masks.replaced) change(field, rules.masks.surrogateOf);
  }
  return record;
}

interface Verdict {
  /** Absent: the line is none that anybody looks for, or it cannot be read. */
  readonly record?: JsonRecord;
  readonly isTheirs: boolean;
  readonly mentions: readonly RowField[];
}

const NOBODY: Verdict = { isTheirs: false, mentions: [] };

/** What a line is to the people who are looked for. */
function judge({ owners, key, mentions }: RowRules): (line: string) => Verdict {
  const watched = [...owners, ...mentions];
  const candidates = fieldsByName(watched);
  const anywhere = patternOf([...watched, ...(key?.fields ?? [])].map(({ name }) => name));
  const ownerNames = new Set(owners.map(({ name }) => name));
  return (line) => {
    let isCandidate = false;
    let hasOwner = false;
    for (const [, name = '', token = ''] of line.matchAll(anywhere)) {
      if (ownerNames.has(name)) hasOwner = true;
      const text = textOfToken(token);
      if (candidates.get(name)?.some((field) => field.has(text))) isCandidate = true;
    }
    if (!isCandidate && (hasOwner || !key)) return NOBODY;
    const record = recordIn(line);
    // Of a line that cannot be read nobody can tell whose else it is.
    if (!record) return { isTheirs: isCandidate, mentions: [] };
    const isOwned = owners.some((field) => isIn(record, field));
    const ownerless = owners.every((field) => textIn(record, field) === null);
    const texts = ownerless && key ? key.fields.map((field) => textIn(record, field)) : [];
    const isKeyed = texts.length > 0 && texts.every((text) => text !== null) && key!.has(texts as string[]);
    return {
      record,
      isTheirs: isOwned || isKeyed,
      mentions: mentions.filter((field) => isIn(record, field)),
    };
  };
}

function fieldsByName(fields: readonly WatchedField[]): Map<string, WatchedField[]> {
  const found = new Map<string, WatchedField[]>();
  for (const field of fields) found.set(field.name, [...(found.get(field.name) ?? []), field]);
  return found;
}

/** Names with a text or a number behind them. */
function patternOf(names: readonly string[]): RegExp {
  const escaped = [...new Set(names)].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`"(${escaped.join('|')})"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|-?\\d[\\d.eE+-]*)`, 'g');
}

function textOfToken(token: string): string {
  if (!token.startsWith('"')) return token;
  try {
    return JSON.parse(Buffer.from(token, 'latin1').toString('utf8')) as string;
  } catch {
    return token.slice(1, -1);
  }
}

function recordIn(line: string): JsonRecord | undefined {
  try {
    return parse(Buffer.from(line, 'latin1').toString('utf8')) as JsonRecord;
  } catch {
    return undefined;
  }
}

const isIn = (record: JsonRecord, field: WatchedField): boolean => {
  const text = textIn(record, field);
  return text !== null && field.has(text);
};

function textIn({ key, value }: JsonRecord, { name }: RowField): string | null {
  return textOf(value?.[name]) ?? textOf(key?.[name]);
}

function textOf(value: unknown): string | null {
  if (isLosslessNumber(value)) return value.toString();
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** The lines of an object with their ends, each byte a character. */
async function* linesOf(objects: ObjectStore, key: string): AsyncIterable<string> {
  const stored = await objects.get(key);
  const stream = key.endsWith('.gz') ? stored.pipe(createGunzip()) : stored;
  stored.once('error', (error) => stream.destroy(error));
  let rest: string[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = chunk.toString('latin1').split('\n');
    const last = lines.pop()!;
    for (const line of lines) {
      yield `${rest.join('')}${line}\n`;
      rest = [];
    }
    rest.push(last);
  }
  const last = rest.join('');
  if (last !== '') yield last;
}
