import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { listInWords, readList } from '../../src/early-warning/commands/list.ts';
import { defineStudents } from '../../src/early-warning/commands/students.ts';
import {
  CONTACT_DAYS,
  readStudent,
  readStudents,
  type StudentRecord,
  writeStudent,
} from '../../src/early-warning/students/records.ts';
import { waitingInWords } from '../../src/early-warning/students/words.ts';
import { SCORES } from '../../src/early-warning/tables.ts';
import { publish } from '../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { CommandTools } from '../../src/ports/feature.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import type { Uses } from '../../src/ports/step.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { lakeOf } from '../lake-of.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

/** 23:00 of 19 October in Chicago. */
const NOW = Date.UTC(2026, 9, 20, 4);
const DAY_MS = 86_400_000;

let root: string;
let objects: ObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'early-warning-students-'));
  objects = openLocalObjects(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('What is kept about a student', () => {
  const record: StudentRecord = { student: 'S/1 Ü', corrections: [], contacts: [] };
  const contactOn = (on: string) => ({ at: `${on}T15:00:00.000Z`, on, how: 'call' as const, reached: true });

  it('lies in a file of its own whose name does not tell the number, and goes when nothing is left', async () => {
    await writeStudent(objects, { ...record, optedOut: '2026-10-01T00:00:00.000Z' }, NOW);
    const folder = join(root, 'early-warning/students');
    const files = await readdir(folder);
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)]);
    expect(await readStudents(objects, NOW)).toEqual([{ ...record, optedOut: '2026-10-01T00:00:00.000Z' }]);

    await writeStudent(objects, record, NOW);
    expect(await objects.list('early-warning/')).toEqual([]);
    expect(await readStudent(objects, record.student)).toEqual(record);
  });

  it('forgets contacts that are too old', async () => {
    const old = new Date(NOW - (CONTACT_DAYS + 1) * DAY_MS).toISOString().slice(0, 10);
    const contacts = [contactOn(old), contactOn('2026-10-01')];
    await writeStudent(objects, { ...record, contacts }, Date.parse(old));
    const [read] = await readStudents(objects, NOW);
    expect(read!.contacts.map(({ on }) => on)).toEqual(['2026-10-01']);
  });

  it('is refused where it is damaged, without a value of it: an opt-out must not be lost in silence', async () => {
    await writeStudent(objects, { ...record, optedOut: 'x' }, NOW);
    const [file] = await readdir(join(root, 'early-warning/students'));
    await writeFile(join(root, 'early-warning/students', file!), '{"student":"S/1 Ü","contacts":7}');
    await expect(readStudents(objects, NOW)).rejects.toThrow(/record of a student in early warning/);
    await expect(readStudents(objects, NOW)).rejects.not.toThrow(/S\/1/);
  });

  it('is asked for again where a correction has waited too long', () => {
    const waiting = (days: number) => ({
      ...record,
      corrections: [
        { course: 'A', facts: ['work' as const], at: new Date(NOW - days * DAY_MS).toISOString() },
      ],
    });
    expect(waitingInWords([waiting(13)], NOW)).toBeUndefined();
    expect(waitingInWords([waiting(15), waiting(1)], NOW)).toMatch(
      /^one correction has waited longer than 14/,
    );
    expect(waitingInWords([waiting(15), waiting(16)], NOW)).toMatch(/^2 corrections have/);
  });
});

describe('lake early-warning opt-out, correct, contact and forget', () => {
  let test: TestLake;
  let tables: Record<string, TableVersion>;
  let lake: Uses<'session' | 'signal' | 'report' | 'campus' | 'clock' | 'objects' | 'ledger' | 'engine'>;
  let said: string;
  beforeAll(async () => {
    test = await openTestLake();
    const table = async (
      name: string,
      columns: Record<string, TableVersion['columns'][number]['type']>,
      rows: (string | number | boolean | null)[][],
    ) =>
      test.engine.literalTable(
        name,
        Object.entries(columns).map(([key, type]) => ({ name: key, type })),
        rows,
        'v',
      );
    const score = (place: number, student: string, course: string, risk: number | null) => [
      place,
      place,
      1,
      student,
      course,
      'T',
      8,
      risk === null ? 'nothing handed in' : 'scored',
      risk,
      false,
      false,
      'why',
      null,
    ];
    tables = {
      'campus.students': await table(
        'campus.students',
        { student_id: 'varchar', given_name: 'varchar', family_name: 'varchar' },
        [
          ['S1', 'Ada', 'One'],
          ['S2', 'Bo', 'Two'],
          ["S'3", 'Cy', 'Three'],
        ],
      ),
      'campus.courses': await table('campus.courses', { course_code: 'varchar' }, [['BIO101'], ['MAT101']]),
      [SCORES]: await table(
        SCORES,
        {
          place: 'bigint',
          user_id: 'bigint',
          course_id: 'bigint',
          student_id: 'varchar',
          course_code: 'varchar',
          term_code: 'varchar',
          week: 'integer',
          evidence: 'varchar',
          risk: 'double',
          is_thin: 'boolean',
          is_first_semester: 'boolean',
          reasons: 'varchar',
          in_favour: 'varchar',
        },
        [
          score(1, 'S1', 'BIO101', null),
          score(2, 'S2', 'BIO101', 0.9),
          score(3, 'S1', 'MAT101', 0.8),
          score(4, "S'3", 'MAT101', 0.7),
        ],
      ),
    };
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    said = '';
    const ledger = openLocalLedger(join(root, 'ledger'));
    const at = new Date(NOW).toISOString();
    await publish({ ledger, objects }, { id: 'r1', run: 'r1', at, asOf: at, tables, facts: {} });
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
    lake = lakeOf({
      campus: { timeZone: 'America/Chicago' },
      platform: {
        clock: { now: () => NOW },
        objects,
        engine: test.engine,
        ledger,
      },
    });
  });
  afterEach(() => vi.restoreAllMocks());

  const tools = {
    addOptions: (command: Command) => command.option('--json'),
    run: (work: () => Promise<void>) => work(),
    withLake: (_: unknown, work: (opened: never) => unknown) => work(lake as never),
    printJson: (value: unknown) => process.stdout.write(JSON.stringify(value)),
  } as unknown as CommandTools;
  const type = async (...words: string[]) => {
    const command = new Command('early-warning').exitOverride();
    defineStudents(command, tools);
    said = '';
    await command.parseAsync(words, { from: 'user' });
    return said;
  };
  const listed = async (options: { notContacted?: number } = {}) =>
    (await readList(lake, tables, { limit: 9, firstSemester: false, ...options })).map(
      ({ student, course, lastContact }) => [student, course, lastContact?.on ?? null].join(' '),
    );

  it('leave out of the list at once who opted out, and take back who ends it', async () => {
    expect(await type('opt-out', "S'3")).toMatch(/^Opted out: .* at once/);
    expect(await type('opt-out', "S'3")).toBe('This student had opted out already.\n');
    expect(await listed()).toEqual(['S1 BIO101 ', 'S2 BIO101 ', 'S1 MAT101 ']);
    expect(await type('opt-out')).toBe("S'3  since 2026-10-20\n");
    await type('opt-out', "S'3", '--end');
    expect(await type('opt-out')).toBe('Nobody has opted out.\n');
    expect(await listed()).toHaveLength(4);
  });

  it('leave out the course whose facts are disputed until that is settled', async () => {
    await type('correct', 'S1', '--course', 'BIO101', '--facts', 'lateness,work');
    expect(await listed()).toEqual(['S2 BIO101 ', 'S1 MAT101 ', "S'3 MAT101 "]);
    expect(JSON.parse(await type('correct', '--json'))).toMatchObject([
      { student: 'S1', course: 'BIO101', facts: ['work', 'lateness'] },
    ]);
    await type('correct', 'S1', '--course', 'BIO101', '--done');
    expect(await type('correct')).toBe('No correction waits.\n');
    expect(await listed()).toHaveLength(4);
  });

  it('record contacts, by the day of the campus, which the list shows and can go by', async () => {
    await type('contact', 'S1', '--how', 'call', '--not-reached');
    await type('contact', 'S1', '--how', 'meeting', '--reached', '--on', '2026-10-01', '--by', 'A12');
    expect(await type('contact')).toBe(
      '2026-10-19  S1  call, not reached\n2026-10-01  S1  meeting, reached  by A12\n',
    );
    expect(await listed()).toEqual([
      'S1 BIO101 2026-10-19',
      'S2 BIO101 ',
      'S1 MAT101 2026-10-19',
      "S'3 MAT101 ",
    ]);
    expect(await listed({ notContacted: 7 })).toEqual(['S2 BIO101 ', "S'3 MAT101 "]);
    const rows = await readList(lake, tables, { limit: 9, firstSemester: false });
    for (const screen of [80, Number.POSITIVE_INFINITY])
      expect(listInWords(rows, [], screen).replaceAll(/\s*│[\s│]*/g, ' ')).toContain(
        'last contact 2026-10-19',
      );
    expect(await type('forget', 'S1')).toMatch(/^Removed/);
    expect(await type('forget', 'S1')).toBe('Nothing was kept about this student.\n');
    expect(await type('contact')).toBe('No contact is recorded.\n');
  });

  it.each([
    [['opt-out', 'S404'], /campus\.students has no student/],
    [['correct', 'S1', '--course', 'BIO999', '--facts', 'work'], /no course "BIO999"/],
    [['correct', 'S1', '--facts', 'work'], /--course/],
    [['correct', 'S1', '--course', 'BIO101'], /--facts takes/],
    [['correct', 'S1', '--course', 'BIO101', '--facts', 'work,money'], /--facts takes/],
    [['contact', 'S1', '--reached'], /--how/],
    [['contact', 'S1', '--how', 'call'], /--reached or --not-reached/],
    [['contact', 'S1', '--how', 'call', '--reached', '--not-reached'], /--reached or --not-reached/],
    [['contact', 'S1', '--how', 'call', '--reached', '--on', '2026-10-20'], /up to today/],
    [['contact', 'S1', '--how', 'call', '--reached', '--on', '2026-02-30'], /up to today/],
  ])('refuse %j, and never repeat the number', async (words, why) => {
    await expect(type(...words)).rejects.toThrow(why);
    await expect(type(...words)).rejects.not.toThrow(/S1|S404/);
    expect(await readStudents(objects, NOW)).toEqual([]);
  });

  it('never answer with the number', async () => {
    for (const words of [
      ['opt-out', 'S1'],
      ['correct', 'S1', '--course', 'BIO101', '--facts', 'work'],
      ['contact', 'S1', '--how', 'call', '--reached'],
      ['forget', 'S1'],
    ]) {
      expect(await type(...words)).not.toContain('S1');
      expect(await type(...words, '--json')).not.toContain('S1');
    }
  });
});
