import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { scanLake } from '../../../src/platform/local/scan/scan-lake.ts';
import { pseudonymOf } from '../../../src/privacy/pseudonym.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { lakeProcess } from '../../end-to-end/lake-process.ts';
import { CORE_MODELS, DAY, openSmallCampus, type SmallCampus } from '../../end-to-end/small-campus.ts';
import { valuesIn } from '../../end-to-end/source-values.ts';

/** Set ROTATE_KILLS for more. */
const KILLS = Number(process.env.ROTATE_KILLS ?? 4);

const MODELS = [...CORE_MODELS, 'activity_by_day', 'grades'];

describe('`lake privacy rotate`, killed in between', () => {
  const start = currentTermWeek(5);
  const college = generateCollege({ students: 15, seed: 5 });
  const keys = ['first', 'second'].map((name) => ({ name, text: randomBytes(32).toString('hex') }));
  const [first, second] = keys.map(({ text }) => Buffer.from(text)) as [Buffer, Buffer];
  let campus: SmallCampus;
  let file: string;
  /** What campus.yaml says without a key. */
  let plain: object;

  async function settings(privacy: object): Promise<void> {
    await writeFile(file, stringify({ ...plain, privacy }));
  }

  const query = async (sql: string): Promise<unknown> => {
    const { code, out, errors } = await lakeProcess(file, ['query', sql, '--json']);
    expect(code, errors).toBe(0);
    return JSON.parse(out);
  };
  /** People of the SIS who are met in Canvas, by their tokens. */
  const joined = () =>
    query(`SELECT count(*) AS n, count(DISTINCT s.student_id) AS people, count(DISTINCT c.sis_user_id) AS met
      FROM campus.students s JOIN campus.sis_people c ON c.sis_user_id = s.student_id`);

  beforeAll(async () => {
    campus = await openSmallCampus(college, start, 'both', MODELS);
    file = join(campus.folder, 'campus-rotated.yaml');
    plain = parse(await readFile((await campus.open('lake')).file, 'utf8'));
    // Each number of a person becomes a token.
    for (const name of await readdir(join(campus.folder, 'catalog'))) {
      const path = join(campus.folder, 'catalog', name);
      const catalog = parse(await readFile(path, 'utf8'));
      for (const dataset of catalog.datasets)
        for (const column of dataset.columns)
          if (column.pseudonymNamespace === 'person') column.treatment = 'pseudonym';
      await writeFile(path, stringify(catalog));
    }
    for (const { name, text } of keys) process.env[`ROTATE_${name.toUpperCase()}`] = text;
  });
  afterAll(async () => {
    await campus?.close();
  });

  it('leaves no token by the first key anywhere, and every join as it was', {
    timeout: 1_800_000,
  }, async () => {
    await settings({ key: { env: 'ROTATE_FIRST' } });
    const night = await lakeProcess(file, ['run']);
    expect(
      night.code,
      await readFile(join(campus.folder, 'lake/notification.txt'), 'utf8').catch(() => night.errors),
    ).toBe(0);
    const before = await joined();
    const ids = valuesIn(college, 'sis', 'persons', 'person_id');
    const old = ids.map((id) => ({ value: pseudonymOf(id, 'person', [first]) }));
    const now = ids.map((id) => ({ value: pseudonymOf(id, 'person', [first, second]) }));
    const root = join(campus.folder, 'lake');
    const zones = async (planted: { value: string }[]) => {
      const { found, undecoded } = await scanLake({ root, planted });
      expect(undecoded).toEqual([]);
      return [...new Set(found.map(({ zone }) => zone))].sort();
    };
    expect(await zones(old)).toEqual(expect.arrayContaining(['curated', 'staged', 'warehouse']));

    await settings({ key: { env: 'ROTATE_FIRST' }, rotations: [{ env: 'ROTATE_SECOND' }] });
    const planned = await lakeProcess(file, ['privacy', 'rotate', '--json']);
    expect(JSON.parse(planned.out)).toMatchObject({ version: 2 });
    expect(JSON.parse(planned.out).tables.length).toBeGreaterThan(3);
    expect(await zones(now)).toEqual([]);

    // How long it takes whole is known once it was done; until then a night is as good a measure.
    let killed = 0;
    for (let i = 0; i < KILLS; i++) {
      const { code } = await lakeProcess(
        file,
        ['privacy', 'rotate', '--confirm'],
        (night.took * (i + 1)) / (KILLS + 1),
      );
      if (code === null) killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    const done = await lakeProcess(file, ['privacy', 'rotate', '--confirm']);
    expect(done.code, done.errors).toBe(0);

    expect(await zones(old)).toEqual([]);
    expect(await zones(now)).toEqual(expect.arrayContaining(['curated', 'staged', 'warehouse']));
    expect(await joined()).toEqual(before);
    const again = await lakeProcess(file, ['privacy', 'rotate']);
    expect(again.out).toContain('All pseudonyms are of key version 2.');

    await campus.simulated.advanceTo(start + DAY);
    const next = await lakeProcess(file, ['run']);
    expect(next.code, next.errors).toBe(0);
    expect(await zones(old)).toEqual([]);
    expect(await joined()).toMatchObject(before as object);
  });
});
