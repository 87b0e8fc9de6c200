import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputsIn } from './conformance/inputs.ts';

const SUITE = 'test/conformance/engine.test.ts';
const FILES = {
  'package-lock.json': '{}',
  'models/grades.sql': 'SELECT 1',
  'vitest.conformance.config.ts': 'export default {};',
  [SUITE]: `import { run } from '../../src/run.ts';\nimport type { Shape } from '../../src/shape.ts';
const folder = path.join(import.meta.dirname, 'rows');\nspawn('node', [path.join(ROOT, 'bin/tool.ts')]);`,
  'test/conformance/rows/a.csv': '1',
  'test/conformance/other.csv': '1',
  'src/run.ts': `import { help } from './help.ts';\nconst word = 'bin/unused.ts';`,
  'src/help.ts': '',
  'src/shape.ts': '',
  'src/unrelated.ts': '',
  'bin/tool.ts': `await import('../src/tool.ts');`,
  'bin/unused.ts': '',
  'src/tool.ts': '',
  'docs/page.md': '',
};

describe('the inputs of a conformance suite', () => {
  let root: string;
  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'inputs-'));
    for (const [file, text] of Object.entries(FILES)) await write(file, text);
  });
  afterEach(() => rm(root, { recursive: true }));

  it('are what it imports, the programs and files it names, and what is no code', () => {
    expect(inputsIn(root).of(SUITE)).toEqual([
      'bin/tool.ts',
      'models/grades.sql',
      'package-lock.json',
      'src/help.ts',
      'src/run.ts',
      'src/tool.ts',
      SUITE,
      'test/conformance/rows/a.csv',
      'vitest.conformance.config.ts',
    ]);
  });

  it.each([
    ['src/help.ts', true],
    ['src/tool.ts', true],
    ['models/grades.sql', true],
    ['models/new.sql', true],
    ['test/conformance/rows/b.csv', true],
    ['src/unrelated.ts', false],
    ['src/shape.ts', false],
    ['docs/page.md', false],
  ])('a change of %s changes the digest: %s', async (file, changes) => {
    const before = inputsIn(root).digest(SUITE);
    await write(file, '// changed');
    expect(inputsIn(root).digest(SUITE) !== before).toBe(changes);
  });
});
