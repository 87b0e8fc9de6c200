import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupFailures } from '../../src/failure-groups.ts';
import { composeRun } from '../../src/notify/compose-run.ts';
import { textOf } from '../../src/notify/message.ts';
import { slackMessage } from '../../src/notify/slack-message.ts';
import type { RunSummary } from '../../src/notify/summary.ts';
import { bytes, count, duration, instant } from '../../src/notify/words.ts';
import { bad, failure, good } from './summaries.ts';

/** What people read of a run. */
function told(summary: RunSummary) {
  const message = composeRun(summary);
  return { subject: message.subject, text: textOf(message) };
}

describe('composeRun', () => {
  it('says first that it is good, then totals, the biggest loads and what changed', () => {
    const { subject, text } = told(good);

    expect(subject).toBe('Good: Lakeside College, 2,500 datasets loaded, 31 students may need attention');
    expect(
      text,
    ).toBe(`All is well at Lakeside College: the run that ended at 2026-11-22 02:32 UTC succeeded in 2 min 31 s.
2,530 tables published, as of 2026-11-22 02:15 UTC.
2,612 checks: 2,610 passed, 2 warned.
31 first-semester students may need attention.

What was loaded: 2,500 datasets (3 snapshots, 2,497 increments), 31,237,500 rows, 3.12 GB
  sis.table_2499: increment, 24,990 rows, 2.5 MB
  sis.table_2498: increment, 24,980 rows, 2.5 MB
  sis.table_2497: increment, 24,970 rows, 2.5 MB
  sis.table_2496: increment, 24,960 rows, 2.5 MB
  sis.table_2495: increment, 24,950 rows, 2.5 MB
  and 2,495 more

What changed at the sources (1)
  canvas.terms: column sort_order (integer) added

Remarks (1)
  canvas.users: the job had expired and was asked for again

Run 20261122T023000Z-4f1c
`);
  });

  it('says first that it failed, then each cause with what to do next', () => {
    const { subject, text } = told(bad);

    expect(subject).toBe('FAILED: Lakeside College, 2 problems: canvas.submissions');
    expect(text.split('\n').slice(0, 8)).toEqual([
      'The run at Lakeside College that ended at 2026-11-22 02:32 UTC FAILED after 2 min 31 s.',
      'Nothing was published; dashboards and queries still show the previous run.',
      '2,612 checks: 2,610 passed, 2 warned.',
      '31 first-semester students may need attention.',
      '',
      'What failed (2)',
      '  canvas.submissions: The job 7c1b was refused: ProcessingError. Next: Run again; if it fails the same way, tell Instructure the uuid.',
      '  the run: The disk is full. Next: Free some space.',
    ]);
    expect(text).toContain('nothing: no dataset had anything new');
  });

  it('says which tables are older, since when, why, whose they are, and who reads them', () => {
    const { text } = told({
      ...bad,
      published: true,
      lines: ['7 first-semester students may need attention, as of 2026-11-20 02:15 UTC.'],
      stale: [
        {
          tables: ['canvas.submissions'],
          asOf: '2026-11-20T02:15:00.000Z',
          why: 'its load failed',
          owners: ['Data team'],
          readers: ['campus.a', 'campus.b', 'campus.c', 'campus.d', 'campus.e', 'campus.f', 'campus.g'],
        },
        { tables: ['canvas.new'], why: 'it was never loaded', owners: [], readers: [] },
        {
          tables: ['campus.advisor_list'],
          asOf: '2026-11-20T02:15:00.000Z',
          why: 'kept as it was: canvas.submissions is known up to 2026-11-20 02:15 UTC',
          owners: ['Advising'],
          readers: [],
        },
      ],
    });

    expect(text).toContain('7 first-semester students may need attention, as of 2026-11-20 02:15 UTC.');
    expect(text).toContain('Older tables are listed with their own times.');
    expect(text).toContain(
      [
        'What is older (3)',
        '  canvas.submissions (Data team): known up to 2026-11-20 02:15 UTC, its load failed. Read by campus.a, campus.b, campus.c, campus.d, campus.e and 2 more.',
        '  canvas.new: it was never loaded.',
        '  campus.advisor_list (Advising): known up to 2026-11-20 02:15 UTC, kept as it was: canvas.submissions is known up to 2026-11-20 02:15 UTC.',
      ].join('\n'),
    );
    expect(told(good).text).not.toContain('older');
  });

  it('says that what failed shows its last good state when the rest was published', () => {
    const { text } = told({ ...bad, published: true });

    expect(text).toContain('Tables that failed show their last good state.');
  });

  it('stays short when everything fails', () => {
    const failures = Array.from({ length: 2_500 }, (_, i) =>
      failure(
        `sis.table_${i}`,
        `The source was not reachable. ${'Very long words. '.repeat(200)}`,
        'Check the network.',
      ),
    );

    const { subject, text } = told({ ...bad, failures, failed: 2_500 });

    expect(subject).toBe(
      'FAILED: Lakeside College, 2,500 problems: sis.table_0, sis.table_1, sis.table_2 and 2,497 more',
    );
    expect(text).toContain('and 2,480 more');
    expect(text.length).toBeLessThan(20_000);
  });

  it('has one line for a subject, whatever the names hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (campus, about) => {
        const failures = [failure(about, 'x', 'y')];
        for (const summary of [
          { ...bad, campus, failures },
          { ...good, campus },
        ])
          expect(composeRun(summary).subject).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('a cause that reaches a whole source', () => {
  const refused = (about: string) =>
    failure(about, 'Canvas refused the login (HTTP 401).', 'Make a new key.', {
      code: 'lms-authentication',
      reach: 'source',
    });
  const tables = Array.from({ length: 36 }, (_, i) => `canvas.table_${i}`);
  const groups = groupFailures(tables.map(refused), () => 'Registrar');

  it('is told once, with what it cost, what came all the same, and who answers for it', () => {
    const loads = [{ dataset: 'sis.persons', kind: 'snapshot' as const, rows: 9, bytes: 9 }];

    const { subject, text } = told({ ...bad, failures: groups, failed: 36, loads });

    expect(subject).toBe('FAILED: Lakeside College, 36 problems of 1 cause: canvas');
    expect(text).toContain(
      '  canvas: Canvas refused the login (HTTP 401). 36 steps failed so: canvas.table_0, canvas.table_1, canvas.table_10, canvas.table_11, canvas.table_12 and 31 more. sis was loaded (1 dataset). Owner: Registrar. Next: Make a new key.\n',
    );
    expect(text.match(/refused the login/g)).toHaveLength(1);
  });
});

describe('groupFailures', () => {
  it('puts together what differs by names, ids and numbers alone', () => {
    const locked = (table: string, rows: number) =>
      failure(`sis.${table}`, `sis.${table}: ${rows} rows of ${table} are locked.`, `Unlock ${table}.`);

    const groups = groupFailures([
      locked('a', 3),
      locked('b', 44),
      failure('sis.c', 'It is empty.', 'Look.'),
    ]);

    expect(groups.map(({ count, tables }) => [count, tables])).toEqual([
      [2, ['sis.a', 'sis.b']],
      [1, ['sis.c']],
    ]);
  });

  it('keeps apart what is of two sources or two codes, and bounds what it lists', () => {
    const of = (source: string, code: string) =>
      failure(`${source}.t`, 'It broke.', 'Look.', { source, code });
    const many = Array.from({ length: 3_000 }, (_, i) => failure(`sis.t${i}`, 'It broke.', 'Look.'));

    expect(groupFailures([of('a', 'x'), of('b', 'x'), of('a', 'y')])).toHaveLength(3);
    expect(groupFailures(many)).toMatchObject([{ count: 3_000 }]);
    expect(groupFailures(many)[0]!.tables).toHaveLength(50);
  });

  it('takes a full disk for one cause, whichever file met it', () => {
    const full = (about: string) =>
      failure(about, `/lake/${about} cannot be written: the disk is full.`, 'Free some space.', {
        code: 'disk-full',
        reach: 'lake',
      });

    expect(groupFailures([full('sis.a'), full('canvas.b')])).toMatchObject([{ count: 2 }]);
  });
});

describe('slackMessage', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.constant('<&>'.repeat(700)),
    fc.constant('\u{1f393}'.repeat(900)),
  );

  it("keeps Slack's limits whatever happened", () => {
    const summary = fc.record({
      campus: text,
      failures: fc.array(
        fc.tuple(text, text, text).map((words) => failure(...words)),
        { maxLength: 40 },
      ),
      schemaChanges: fc.array(fc.record({ dataset: text, change: text }), { maxLength: 40 }),
      remarks: fc.array(fc.record({ about: text, text }), { maxLength: 40 }),
    });
    fc.assert(
      fc.property(summary, (more) => {
        const { blocks, text: fallback } = slackMessage(composeRun({ ...bad, ...more }));

        expect(blocks.length).toBeLessThanOrEqual(50);
        expect(fallback.length).toBeGreaterThan(0);
        let total = fallback.length;
        for (const block of blocks) {
          if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
          if (block.type === 'section') {
            total += block.text.text.length;
            expect(block.text.text.length).toBeGreaterThan(0);
            expect(block.text.text.length).toBeLessThanOrEqual(3_000);
            expect(block.text.text.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
          }
        }
        expect(total).toBeLessThanOrEqual(12_000);
      }),
      { numRuns: 60 },
    );
  });

  it('begins with the verdict', () => {
    const { blocks } = slackMessage(composeRun(good));

    expect(blocks[0]).toMatchObject({
      type: 'header',
      text: { text: expect.stringMatching(/^:white_check_mark: Good/) },
    });
    expect(blocks[1]).toMatchObject({ text: { text: expect.stringMatching(/^All is well/) } });
  });
});

describe('words', () => {
  it('say sizes, times and numbers as people do', () => {
    expect([bytes(0), bytes(999), bytes(45_200_000), bytes(999_600), bytes(3e12)]).toEqual([
      '0 bytes',
      '999 bytes',
      '45.2 MB',
      '1 MB',
      '3 TB',
    ]);
    expect([duration(400), duration(59_600), duration(151_000), duration(3_900_000)]).toEqual([
      '0 s',
      '1 min 0 s',
      '2 min 31 s',
      '1 h 5 min',
    ]);
    expect([count(1, 'table'), count(1_000, 'table')]).toEqual(['1 table', '1,000 tables']);
    expect([instant('2026-11-22T02:30:59Z'), instant('never')]).toEqual(['2026-11-22 02:30 UTC', 'never']);
  });
});
