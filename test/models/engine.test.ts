import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsOfEngine } from '../../src/models/engine.ts';
import { ModelError } from '../../src/models/errors.ts';
import { readHeader } from '../../src/models/header.ts';
import { parseModel } from '../../src/models/load-models.ts';

describe('the engine of a model', () => {
  it('is Athena unless the header names another', () => {
    expect(readHeader('SELECT 1 AS x').engine).toBe('athena');
    expect(readHeader('-- description: x\n-- engine: glue\nSELECT 1 AS x')).toMatchObject({
      description: 'x',
      engine: 'glue',
    });
    expect(() => readHeader('-- description: x\nSELECT 1 AS x\n-- engine: glue')).toThrow(
      /where it is not read/,
    );
  });

  it('is one that there is', async () => {
    const text = '-- description: x\n-- engine: glu\nSELECT 1 AS x';
    const reading = parseModel('models/m.sql', text);
    await expect(reading).rejects.toThrow(ModelError);
    await expect(reading).rejects.toMatchObject({
      message: 'models/m.sql:2:1: There is no engine "glu"; did you mean "glue"?',
      hint: 'choose athena or glue',
    });
  });

  it('is found without reading SQL, as deploying does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'models-'));
    try {
      await writeFile(join(folder, 'b.sql'), '-- engine: glue\nno SQL at all');
      await writeFile(join(folder, 'a.sql'), '-- x\n--   engine:  glue  \nSELECT 1');
      await writeFile(join(folder, 'c.sql'), 'SELECT 1\n-- engine: glue');
      await writeFile(join(folder, 'd.sql'), '\ufeff\r\n-- x\r\n\r\n-- engine: glue\r\nSELECT 1');
      await writeFile(join(folder, 'notes.md'), '-- engine: glue');
      expect(modelsOfEngine('glue', folder)).toEqual(['a', 'b', 'd']);
      expect(modelsOfEngine('athena', folder)).toEqual([]);
      expect(modelsOfEngine('glue', join(folder, 'none'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
