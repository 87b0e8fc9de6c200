import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rememberedCatalog } from '../../bin/remembered-catalog.ts';
import { loadCampus } from '../../src/campus/load.ts';
import type { RememberedFiles } from '../../src/campus/read-yaml.ts';

const tables = (column: string) =>
  Array.from(
    { length: 40 },
    (_, i) =>
      `  - name: t${i}\n    namespace: canvas\n    table: t${i}\n    key: [id]\n    description: "Prüfung \\"${i}\\""\n    columns:\n      - { name: id, type: bigint, privacy: none }\n      - { name: ${column}, type: "decimal(5,2)", nullable: false, privacy: education }\n`,
  ).join('');

describe('A catalog that was read before', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'remembered-'));
    await writeFile(
      join(folder, 'campus.yaml'),
      'name: A\ntimeZone: America/Chicago\nlake: lake\nsources:\n  canvas:\n    kind: canvas\n    url: http://127.0.0.1:9\n    clientId: { env: A }\n    clientSecret: { env: A }\n',
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is recalled as it was, and only while its text is the same', async () => {
    const kept = new Map<string, string>();
    const recalled: boolean[] = [];
    const memory: RememberedFiles = {
      recall(_name, text) {
        const known = kept.get(text);
        recalled.push(known !== undefined);
        return known === undefined ? undefined : JSON.parse(known);
      },
      keep: (_name, text, value) => void kept.set(text, JSON.stringify(value)),
    };
    await loadIn(join(folder, 'one'), tables('score'), memory);
    const again = await loadIn(join(folder, 'one'), tables('score'), memory);
    const anew = await loadIn(join(folder, 'one'), tables('score'));
    expect(again.catalog.datasets).toStrictEqual(anew.catalog.datasets);
    expect(recalled).toEqual([false, true]);
    await loadIn(join(folder, 'one'), tables('points'), memory);
    expect(recalled).toEqual([false, true, false]);
    // What has a problem is never kept.
    await expect(loadIn(join(folder, 'one'), tables('id'), memory)).rejects.toThrow();
    await expect(loadIn(join(folder, 'one'), tables('id'), memory)).rejects.toThrow();
  });

  it('is kept on the disk where it is large, the newest text of each file', () => {
    const text = 'x'.repeat(200_000);
    const file = join(folder, 'catalog/a "b".yaml');
    rememberedCatalog.keep(file, text, { datasets: [1] });
    expect(rememberedCatalog.recall(file, text)).toEqual({ datasets: [1] });
    rememberedCatalog.keep(file, `${text}y`, { datasets: [2] });
    expect(rememberedCatalog.recall(file, text)).toBeUndefined();
    expect(rememberedCatalog.recall(join(folder, 'other.yaml'), text)).toBeUndefined();
    rememberedCatalog.keep(file, 'small', {});
    expect(rememberedCatalog.recall(file, 'small')).toBeUndefined();
  });
});

async function loadIn(folder: string, datasets: string, memory?: RememberedFiles) {
  await mkdir(join(folder, 'catalog'), { recursive: true });
  await copyFile(join(folder, '../campus.yaml'), join(folder, 'campus.yaml'));
  await writeFile(join(folder, 'catalog/canvas.yaml'), `source: canvas\ndatasets:\n${datasets}`);
  return loadCampus(join(folder, 'campus.yaml'), undefined, undefined, memory);
}
