import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOfClass } from '../src/errors.ts';

/** The codes of failures, and whose words may stand in one: read off the sources. */

const ROOT = resolve(import.meta.dirname, '..');

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'simulators' ? [] : sourcesIn(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const SOURCES = ['src', 'bin', 'lambda'].flatMap((folder) =>
  sourcesIn(join(ROOT, folder)).map((path) => ({
    file: relative(ROOT, path),
    text: readFileSync(path, 'utf8'),
  })),
);

/** Classes of errors with their doc comments. Some are no errors of the lake: those are named at the end. */
const CLASS = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(?:export )?class (\w+Error|\w+Failed) extends (\w+)/g;
const NOT_OF_THE_LAKE = new Set(['RecordedError', 'StepFailedError', 'TryAgainError', 'FunctionError']);
const BASES = new Set(['LakeError', 'InputError']);

interface Code {
  readonly code: string;
  readonly meaning: string;
}

const sentence = (comment: string): string =>
  comment
    .replaceAll(/^\s*\* ?/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/(?<=[.:]) [A-Z`].*$/, '')
    .replace(/:$/, '.')
    .replaceAll('|', '\\|');

function ofClasses(): Code[] {
  const found = SOURCES.flatMap(({ text }) => [...text.matchAll(CLASS)]);
  return found
    .filter(([, , name]) => !NOT_OF_THE_LAKE.has(name!) && !BASES.has(name!))
    .map(([, comment = '', name]) => ({ code: codeOfClass(name!), meaning: sentence(comment) }));
}

const textOf = (file: string) => SOURCES.find((source) => source.file === file)!.text;

function ofTheSystem(): Code[] {
  const pairs = textOf('src/system-error.ts').matchAll(
    /code: '([\w-]+)',\s+found:\s+(?:'([^']+)'|"([^"]+)")/g,
  );
  return [...pairs].map(([, code, found, other]) => ({
    code: code!,
    meaning: `A path or an address ${found ?? other}.`,
  }));
}

function ofSql(): Code[] {
  const text = textOf('src/sql/fault.ts');
  const faults = text.matchAll(/^ {2}'?([a-z-]+)'?: \{\s*message: \(d?\) => [`'](.*)[`'],/gm);
  const explained = [...faults].map(([, fault, message]) => ({
    code: `sql-${fault}`,
    meaning: message!.replaceAll(/\$\{\w+\(d\)\}/g, ''),
  }));
  const others = SOURCES.flatMap((source) =>
    [...source.text.matchAll(/'(sql-[a-z-]+)'/g)].map(([, code]) => code!),
  );
  const known = new Set(explained.map(({ code }) => code));
  const rest = [...new Set(others)].filter((code) => !known.has(code));
  return [
    ...explained,
    ...rest.map((code) => ({ code, meaning: 'The SQL does not fit the tables or the language.' })),
  ];
}

const ALL: Code[] = [
  ...ofClasses(),
  ...ofTheSystem(),
  ...ofSql(),
  {
    code: 'unexpected',
    meaning: 'A defect of the program: its class and code are named, its words are in the debug log.',
  },
  { code: 'recorded-earlier', meaning: 'A failure that an older version of the lake recorded as text.' },
];

describe('codes of failures', () => {
  it('are found in the sources', () => {
    expect(ofClasses().length).toBeGreaterThan(50);
    expect(ofTheSystem().length).toBeGreaterThan(15);
    expect(ofSql().length).toBeGreaterThan(15);
  });

  it('are kebab-case and mean one thing each', () => {
    const meanings = new Map<string, Set<string>>();
    for (const { code, meaning } of ALL) {
      expect(code).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      meanings.set(code, (meanings.get(code) ?? new Set()).add(meaning));
    }
    const classes = new Map<string, Set<string>>();
    for (const { text } of SOURCES) {
      for (const [, , name] of text.matchAll(CLASS)) {
        const code = codeOfClass(name!);
        classes.set(code, (classes.get(code) ?? new Set()).add(name!));
      }
    }
    expect([...classes.values()].filter((names) => names.size > 1)).toEqual([]);
  });

  it('are listed in docs/failure-codes.md (written again by `vitest -u`)', async () => {
    const byCode = new Map(ALL.map(({ code, meaning }) => [code, meaning]));
    const rows = [...byCode]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
    const page = `# Codes of failures

Every failure has a code that does not change: in \`ops.steps.code\`, in \`lake status --json\` and \`lake run --json\`, in
the summary that a webhook gets. Alerts and scripts go by it; the words may be written better from one version to the
next. What to do is the hint of the failure itself; what wakes somebody is in the [runbook](runbook.md).

| code | meaning |
|---|---|
${rows.join('\n')}
`;
    await expect(page).toMatchFileSnapshot('../docs/failure-codes.md');
  });
});

describe('the words of an error', () => {
  /** Files that put an error's message into a text of their own, and why it holds no value of a row. */
  const ALLOWED: { readonly [file: string]: string } = {
    'bin/campus-lake.ts': 'an error of the lake while templates are made; no data is there',
    'bin/aws/prove/prove.ts': 'errors of the lake alone',
    'bin/commands/common.ts': 'errors of the lake alone',
    'bin/commands/repair.ts': 'errors of the lake alone',
    'bin/commands/simulate.ts': 'the simulator, whose college is made up',
    'src/app/doctor/aws/check-capture.ts': 'errors of the lake alone',
    'src/campus/yaml-text.ts': 'what is wrong in a file that a person wrote',
    'src/lms/canvas/canvas-source.ts': 'errors of the lake alone',
    'src/lms/errors.ts': 'a cause, which goes to the debug log; and an error of the lake',
    'src/models/header.ts': 'what is wrong in a file that a person wrote',
    'src/models/load-models.ts': 'errors of the lake alone',
    'src/platform/aws/warehouse/load-set.ts': 'errors of the lake alone',
    'src/platform/local/replication/copy-tables.ts': 'errors of the lake alone',
    'src/sql/duckdb/areas/regexp-search.ts':
      'what is wrong in a pattern that a person wrote into a statement',
    'src/sql/spark/regexp.ts': 'what is wrong in a pattern that a person wrote into a statement',
    'src/sis/mapping/parse.ts': 'what is wrong in a file that a person wrote',
    'src/sis/mappings-of.ts': 'what is wrong in a file that a person wrote',
  };

  it('of another’s error get into no text, but where that is known to hold no data', () => {
    const taking =
      /\$\{[^{}]*\b(?:error|e|err|cause|raw)(?: as [\w.]+\))?\.(?:message|stack)\b[^{}]*\}|\$\{String\((?:error|e|cause|raw)\)/;
    const found = SOURCES.filter(({ text }) => taking.test(text)).map(({ file }) => file);

    expect(found.filter((file) => !Object.hasOwn(ALLOWED, file))).toEqual([]);
  });
});
