import { existsSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Change, College } from '../../src/simulators/college/college.ts';
import { readOulad } from '../../src/simulators/college/oulad.ts';
import { lakeProcess } from '../end-to-end/lake-process.ts';
import { openSmallCampus, ROOT, type SmallCampus } from '../end-to-end/small-campus.ts';
import { withValues } from '../end-to-end/source-values.ts';

/** The folder with the Open University's files (CC BY 4.0); the suite is left out where there is none. */
const FOLDER = process.env.OULAD_DIR ?? '';
/** In London, when every presentation has been going for a while. */
const AS_OF = Date.UTC(2013, 10, 26, 4);

/** The digits of the student that a row is about. */
const digitsOf = (id: unknown): string => String(id).replace(/\D/g, '').slice(-7).padStart(7, '0');

/** What is planted on each student; nothing of it can belong to anybody. */
const CANARIES = {
  ssn: (n: string) => `SSN-${n}`,
  religion: (n: string) => `Order of Canary ${n}`,
  emergency: (n: string) => `(630) 555-01${n}`,
  preferred: (n: string) => `Nightjar ${n}`,
  login: (n: string) => `goldcrest.${n}@canary.example`,
  address: (n: string) => `2001:db8:canary::${n}`,
};

function planted(college: College): College {
  const person = ({ person_id }: Change['row']): Change['row'] => {
    const n = digitsOf(person_id);
    const { ssn, religion, emergency, preferred } = CANARIES;
    return {
      ssn: ssn(n),
      religion: religion(n),
      emergency: { relation: 'mother', phone: emergency(n) },
      preferred_name: preferred(n),
    };
  };
  const login = ({ sis_user_id }: Change['row']): Change['row'] => {
    const n = digitsOf(sis_user_id);
    return { unique_id: CANARIES.login(n), current_login_ip: CANARIES.address(n) };
  };
  return {
    ...college,
    sis: withValues(college.sis, { persons: person }),
    canvas: withValues(college.canvas, { pseudonyms: login }),
  };
}

describe.skipIf(!existsSync(join(FOLDER, 'studentInfo.csv')))('The lake of the real college', () => {
  let campus: SmallCampus;
  let file: string;
  let students: string[];

  beforeAll(async () => {
    const college = planted(await readOulad(FOLDER));
    const persons = college.sis.tables.find(({ name }) => name === 'persons')!;
    const known = [...college.sis.changes(persons, college.opens - 1, AS_OF)];
    students = [...new Set(known.map(({ row }) => digitsOf(row.person_id)))];
    campus = await openSmallCampus(college, AS_OF);
    await masked('sis', 'registrar_persons', { preferred_name: 'first_letter' });
    await masked('canvas', 'pseudonyms', { unique_id: 'email_domain' });
    ({ file } = await campus.open('lake'));
    const night = await lakeProcess(file, ['run']);
    expect(night.code, night.errors).toBe(0);
  }, 1_800_000);
  afterAll(() => campus?.close());

  /** Gives columns of the catalog masks. */
  async function masked(source: string, table: string, masks: { [column: string]: string }): Promise<void> {
    const path = join(campus.folder, `catalog/${source}.yaml`);
    const catalog = parse(await readFile(join(ROOT, `catalog/${source}.yaml`), 'utf8'));
    const dataset = catalog.datasets.find(({ name }: { name: string }) => name === table);
    for (const column of dataset.columns)
      if (masks[column.name] !== undefined) column.mask = masks[column.name];
    await rm(path);
    await writeFile(path, stringify(catalog));
  }

  async function scan(values: readonly { value: string; allowed?: string[] }[]) {
    const list = join(campus.folder, 'canaries.json');
    await writeFile(list, JSON.stringify(values));
    const { code, out, errors } = await lakeProcess(file, ['privacy', 'scan', '--planted', list, '--json']);
    expect(out, errors).not.toBe('');
    return { code, ...JSON.parse(out) };
  }

  it('holds no planted value where the policy does not allow it', { timeout: 1_800_000 }, async () => {
    expect(students.length).toBeGreaterThan(5_000);
    const of = (make: (n: string) => string, allowed: string[]) =>
      students.map((n) => ({ value: make(n), allowed }));
    const found = await scan([
      // Left behind: the SIS is not asked for them, and nothing may have them.
      ...of(CANARIES.ssn, []),
      ...of(CANARIES.religion, []),
      ...of(CANARIES.emergency, []),
      // Masked, or left behind of rows that Canvas delivers whole: the raw zone has them until its retention ends.
      ...of(CANARIES.preferred, ['raw']),
      ...of(CANARIES.login, ['raw']),
      ...of(CANARIES.address, ['raw']),
    ]);
    const wrong = found.found.filter(({ allowed }: { allowed: boolean }) => !allowed);
    expect([wrong.slice(0, 5), found.undecoded, found.code]).toEqual([[], [], 0]);
    expect(found.columns).toBeGreaterThan(300);
    // The scan does see: masked values are in the raw zone, and all that is kept is everywhere.
    expect(found.found.length).toBeGreaterThan(0);
    const kept = await scan(students.slice(0, 50).map((n) => ({ value: `S${n}` })));
    expect(kept.code).toBe(1);
    expect(kept.found.map(({ zone }: { zone: string }) => zone)).toEqual(
      expect.arrayContaining(['raw', 'staged', 'curated', 'warehouse']),
    );
  });

  it('shows what the masks left of them', async () => {
    const sql = `SELECT count(*) AS n, count(DISTINCT preferred_name) AS names, min(preferred_name) AS name,
      (SELECT count(DISTINCT unique_id) FROM canvas.pseudonyms) AS logins,
      (SELECT min(unique_id) FROM canvas.pseudonyms) AS login FROM sis.registrar_persons`;
    const { out, errors } = await lakeProcess(file, ['query', sql, '--json']);
    expect(out, errors).toContain('N***');
    expect(out).toContain('***@canary.example');
    expect(out).not.toContain('goldcrest');
  });

  it('holds none that comes into a log', { timeout: 600_000 }, async () => {
    const value = CANARIES.religion(students[0]!);
    await appendFile(join(campus.folder, 'lake', 'debug.log'), `failed at ${value}\n`);
    expect(await scan([{ value }])).toMatchObject({
      code: 1,
      found: [{ file: 'debug.log', allowed: false }],
    });
  });
});
