import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMessage } from '../../src/notify/compose.ts';
import { redact } from '../../src/notify/redact.ts';
import { slackMessage } from '../../src/notify/slack-message.ts';
import type { RunSummary } from '../../src/notify/summary.ts';
import { bytes, count, duration, instant } from '../../src/notify/words.ts';
import { bad, failure, good } from './summaries.ts';

describe('composeMessage', () => {
  it('says first that it is good, then totals, the biggest loads and what changed', () => {
    const { subject, text } = composeMessage(good);

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
    const { subject, text } = composeMessage(bad);

    expect(subject).toBe('FAILED: Lakeside College, 2 problems: canvas.submissions');
    expect(text.split('\n').slice(0, 8)).toEqual([
      'The run at Lakeside College that ended at 2026-11-22 02:32 UTC FAILED after 2 min 31 s.',
      'Nothing new is published: people see what they saw before.',
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
    const { text } = composeMessage({
      ...bad,
      published: true,
      attention: 7,
      attentionAsOf: '2026-11-20T02:15:00.000Z',
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
    expect(composeMessage(good).text).not.toContain('older');
  });

  it('says that what failed shows its last good state when the rest was published', () => {
    const { text } = composeMessage({ ...bad, published: true });

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

    const { subject, text } = composeMessage({ ...bad, failures });

    expect(subject).toBe(
      'FAILED: Lakeside College, 2,500 problems: sis.table_0, sis.table_1, sis.table_2 and 2,497 more',
    );
    expect(text).toContain('and 2,480 more');
    expect(text.length).toBeLessThan(20_000);
  });

  it('keeps Markdown signs in names what they are', () => {
    const { markdown } = composeMessage({
      ...bad,
      failures: [failure('sis.a_b', '*x* <b>', '#1')],
    });

    expect(markdown).toContain('- sis.a\\_b: \\*x\\* \\<b\\> Next: \\#1');
  });

  it('has one line for a subject, whatever the names hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (campus, about) => {
        const { subject } = composeMessage({ ...bad, campus, failures: [failure(about, 'x', 'y')] });
        expect(subject).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('no personal data', () => {
  const person = [
    'zoe.oneil@lakeside.edu',
    '123-45-6789',
    '(555) 123-4567',
    '90071992547409931',
    's3cr3t-t0ken',
  ];
  const leaks = [
    'duplicate key value violates unique constraint: Key (email)=(zoe.oneil@lakeside.edu) already exists.',
    'Failing row contains (90071992547409931, Zoë, 123-45-6789).',
    'could not connect to postgres://lake:s3cr3t-t0ken@db.lakeside.edu:5432/sis?sslmode=require',
    'GET https://files.example.com/part-0.gz?X-Amz-Signature=s3cr3t-t0ken&user=zoe.oneil@lakeside.edu answered 403',
    'header Authorization: Bearer s3cr3t-t0ken was refused',
    'password: s3cr3t-t0ken is wrong',
    'user 90071992547409931 (zoe.oneil@lakeside.edu, (555) 123-4567) has two logins',
    "Could not convert string '123-45-6789' to INT32",
  ];

  it.each(leaks)('gets out of the message from: %s', (leak) => {
    const summary: RunSummary = {
      ...bad,
      failures: [failure('canvas.users', leak, leak)],
      remarks: [{ about: 'canvas.users', text: leak }],
      schemaChanges: [{ dataset: 'canvas.users', change: leak }],
    };

    const everything = JSON.stringify([composeMessage(summary), slackMessage(summary)]);

    for (const secret of person) expect(everything).not.toContain(secret);
  });

  it.each([
    'The load 20261122T023000Z-4f1c of canvas.users was refused: 5 new jobs a minute',
    'job 7c1b29a4-0b3c-4c55-9a5e-123456789012 expired at 2026-11-22T02:30:00.000Z',
    'expected 1,234,567 rows and found 1,234,566 in LOAD00000001.parquet',
    'campus.yaml:12:5: unknown key "portt", did you mean "port"?',
  ])('does not cost useful words: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('leaves of an address its host', () => {
    expect(redact('cannot reach https://api.example.com/dap/query?x=1.')).toBe(
      'cannot reach https://api.example.com/…',
    );
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
        const { blocks, text: fallback } = slackMessage({ ...bad, ...more });

        expect(blocks.length).toBeLessThanOrEqual(50);
        expect(fallback.length).toBeGreaterThan(0);
        for (const block of blocks) {
          if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
          if (block.type === 'section') {
            expect(block.text.text.length).toBeGreaterThan(0);
            expect(block.text.text.length).toBeLessThanOrEqual(3_000);
            expect(block.text.text.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('begins with the verdict', () => {
    const { blocks } = slackMessage(good);

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
