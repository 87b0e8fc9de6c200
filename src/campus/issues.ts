import type { z } from 'zod';
import { didYouMean, oneOf } from './nearest.ts';
import type { Finding, YamlPath } from './problem.ts';
import { isRecord, keysOf, schemaAt, valueAt } from './schema-at.ts';
import { secretRefSchema } from './secret-schema.ts';
import { SECRET_KEYS, secretKind } from './secret-text.ts';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

const SECRET_REFERENCE = '{ env: NAME }, { file: path } or { secretsManager: id }';

/** Everything that a schema finds wrong with a parsed file, in a person's words. Empty: the value is valid. */
export function findings(schema: z.ZodType, value: unknown): Finding[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.flatMap((issue) => explain(schema, value, issue));
}

function explain(root: z.ZodType, value: unknown, issue: Issue): Finding[] {
  const path = issue.path as YamlPath;
  const here = schemaAt(root, value, path);
  const found = valueAt(value, path);
  const where = readable(value, path);
  const say = (text: string, on: 'key' | 'value' = 'value', at = path): Finding => ({ path: at, on, text });
  const label = where === '' ? '' : `${where}: `;

  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      say(`${label}unknown key "${key}"${adviceOnKey(key, keysOf(here), here)}`, 'key', [...path, key]),
    );
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'another name';
    const below = here ? (findings(here, found) as Finding[]) : [];
    return [
      say(`${label}the name "${String(path.at(-1))}" is not allowed, expected ${reason}`, 'key'),
      ...below.map((f) => ({ ...f, path: [...path, ...f.path], text: `${label}${f.text}` })),
    ];
  }
  if (isSecretRef(here)) return [say(`${label}${secretAdvice(found)}`)];
  if (found === undefined && path.length > 0) {
    const meaning = here?.description ? ` (${here.description})` : '';
    return [say(`${label}missing${meaning}; expected ${expected(issue)}`, 'value', path)];
  }
  const hidden = insideSecretRef(root, value, path);
  return [
    say(
      `${label}found ${show(found, hidden)}, expected ${expected(issue)}${hidden ? '' : suggestion(issue, found)}`,
    ),
  ];
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(issue.options.map(String))
        : 'another form';
    case 'too_small':
      if (issue.origin === 'array') return `a list of at least ${issue.minimum}`;
      if (issue.origin === 'string') return 'a text that is not empty';
      return issue.inclusive ? `a number of at least ${issue.minimum}` : `a number above ${issue.minimum}`;
    case 'too_big':
      return issue.inclusive ? `a number of at most ${issue.maximum}` : `a number below ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function suggestion(issue: Issue, found: unknown): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof found !== 'object')
    return ' (put it in quotes)';
  if (typeof found !== 'string') return '';
  if (issue.code === 'invalid_value') return didYouMean(found, issue.values.map(String));
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options))
    return didYouMean(found, issue.options.map(String));
  if (issue.code !== 'custom') return '';
  const alias = (issue.params?.aliases as Record<string, string> | undefined)?.[
    found.toLowerCase().replace(/\(.*/, '')
  ];
  if (alias) return `; did you mean "${alias}"?`;
  const words = issue.params?.words as (() => string[]) | undefined;
  return words ? didYouMean(found, words()) : '';
}

function adviceOnKey(key: string, known: readonly string[], schema: z.ZodType | undefined): string {
  const near = didYouMean(key, known);
  if (near !== '') return near;
  if (SECRET_KEYS.test(key)) return '; a secret never belongs in this file: take it out, and change it';
  if (schema && isSecretRef(schema)) return `, expected ${SECRET_REFERENCE}`;
  return known.length > 0 ? `, expected one of ${known.join(', ')}` : '';
}

function secretAdvice(found: unknown): string {
  if (found === undefined) return `missing; expected where the secret lies: ${SECRET_REFERENCE}`;
  if (typeof found === 'string')
    return `found a text that may be the secret itself (not shown), expected where it lies: ${SECRET_REFERENCE}`;
  if (isRecord(found))
    return `found the keys ${Object.keys(found).join(', ') || '(none)'}, expected ${SECRET_REFERENCE}`;
  return `found ${show(found, true)}, expected ${SECRET_REFERENCE}`;
}

const isSecretRef = (schema: z.ZodType | undefined) => schema === (secretRefSchema as z.ZodType);

function insideSecretRef(root: z.ZodType, value: unknown, path: YamlPath): boolean {
  return path.some((_, i) => isSecretRef(schemaAt(root, value, path.slice(0, i))));
}

/** A found value, short; one that may be a credential only by its kind. */
export function show(value: unknown, hidden = false): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map of keys';
  if (typeof value !== 'string') return String(value);
  const kind = secretKind(value);
  if (hidden || kind) return `${kind ?? 'a text'} (not shown)`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
}

/** `datasets[users].columns[id].type`: list items go by their name where they have one. */
export function readable(value: unknown, path: YamlPath): string {
  let text = '';
  for (const [i, part] of path.entries()) {
    if (typeof part === 'string') {
      text += text === '' ? part : `.${part}`;
      continue;
    }
    const item = valueAt(value, path.slice(0, i + 1));
    const name = isRecord(item) ? item.name : undefined;
    text += `[${typeof name === 'string' ? name : part}]`;
  }
  return text;
}
