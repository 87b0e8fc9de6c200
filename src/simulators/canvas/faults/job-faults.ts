import type { CellValue, Change } from '../../college/college.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { notFound } from '../api-errors.ts';
import type { Job, Spoiling } from '../job.ts';
import { readObjectIds } from '../job-request.ts';
import type { ColumnChange } from '../schema/schema-changes.ts';
import type { FaultKind, Strike } from './fault.ts';

const DAY_MS = 86_400_000;

/** Lets the job be made, changes it, and answers what it has become. */
export function withJob(change: (job: Job, strike: Strike) => void): (strike: Strike) => Promise<Answer> {
  return async (strike) => {
    const right = await strike.carryOn();
    const { id } = JSON.parse(Buffer.concat(right.body).toString()) as { id: string };
    const job = strike.parts.jobs.get(id);
    change(job, strike);
    const { status, body } = await strike.parts.jobs.answer(job);
    return jsonAnswer(status, body);
  };
}

export function spoiled(how: (job: Job) => Spoiling): FaultKind['strike'] {
  return withJob((job, { parts }) => parts.jobs.spoil(job, how(job)));
}

function* twice(changes: Iterable<Change>): Iterable<Change> {
  for (const change of changes) yield* [change, change];
}

function* after(first: Change, changes: Iterable<Change>): Iterable<Change> {
  yield first;
  yield* changes;
}

function failing<What extends string>(what: What, about: string, message: string): FaultKind<What> {
  const strike = withJob((job, { parts }) => parts.jobs.fail(job, message));
  return { what, endpoints: ['create-job'], calls: 'recover', about, strike };
}

/** A delete, at the end of the job's range, of a key that the college never had. */
function unknownDelete(job: Job): Change {
  const keys = job.schema.columns.filter((c) => c.section === 'key');
  const row = keys.map(({ name, type }): [string, CellValue] => [
    name,
    type.kind === 'int64' ? 999_999_999_999_999_999n : 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  ]);
  return { at: job.upTo - 1, op: 'D', row: Object.fromEntries(row) };
}

/** Failures of jobs and of what they deliver. */
export const JOB_FAULTS = [
  failing('job-fails', 'the job ends as failed; the next one succeeds', 'The job terminated unexpectedly.'),
  failing('job-fails-no-message', 'the job ends as failed and says nothing but type and uuid', ''),
  failing(
    'no-data-yet',
    'the job ends as failed because the table is empty',
    'There is no data available yet for this table.',
  ),
  {
    what: 'job-stuck',
    endpoints: ['create-job'],
    calls: 'report',
    about: 'the job keeps running for `seconds` of the simulator’s clock (a day)',
    strike: withJob((job, { fault, parts }) => {
      job.doneAt = parts.now() + (fault.seconds === undefined ? DAY_MS : fault.seconds * 1000);
    }),
  },
  {
    what: 'job-expired',
    endpoints: ['get-job'],
    calls: 'recover',
    about: '404: the job was forgotten while it was being waited for',
    strike: ({ call, parts }: Strike) => {
      parts.jobs.forget(parts.jobs.get(call.job ?? ''));
      throw notFound('job', call.job ?? '');
    },
  },
  {
    what: 'objects-expired',
    endpoints: ['object-url'],
    calls: 'recover',
    about: '404: the job and its objects were forgotten before their URLs were asked for',
    strike: ({ call, parts }: Strike) => {
      const id = readObjectIds(call.body)[0] ?? '';
      parts.jobs.forget(parts.jobs.object(id).job);
      throw notFound('object', id);
    },
  },
  {
    what: 'job-about-to-expire',
    endpoints: ['create-job'],
    calls: 'recover',
    about:
      'a finished job is served again just before its end: 10 s left, and gone when its objects are asked for',
    strike: async (strike: Strike) => {
      let gone: Job | undefined;
      const answer = await withJob((job, { parts }) => {
        job.expiresAt = parts.now() + 10_000;
        gone = job;
      })(strike);
      if (gone) strike.parts.jobs.forget(gone);
      return answer;
    },
  },
  {
    what: 'no-objects',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'a job without rows has no objects at all, where it usually has one empty file',
    strike: spoiled(() => ({ files: (files) => files.filter((file) => file.rows > 0) })),
  },
  {
    what: 'zero-row-file',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'one file more, without a row in it',
    strike: spoiled(() => ({ files: (files, empty) => [empty, ...files] })),
  },
  {
    what: 'duplicate-rows',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'every row comes twice',
    strike: spoiled(() => ({ rows: twice })),
  },
  {
    what: 'unknown-delete',
    endpoints: ['create-job'],
    onlyIncrements: true,
    calls: 'recover',
    about: 'an increment deletes a key that no load ever brought',
    strike: spoiled((job) => ({ rows: (changes) => after(unknownDelete(job), changes) })),
  },
  {
    what: 'schema-bump',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'the schema changes, by `change`, just before the job starts',
    strike: ({ call, parts, fault, carryOn }: Strike) => {
      const change: ColumnChange = fault.change ?? {
        do: 'add',
        column: `added_${parts.tables.schemaChanges.length + 1}`,
        type: { kind: 'string', maxLength: 255 },
        value: 'new',
      };
      const [namespace, table] = [call.namespace ?? '', call.table ?? ''];
      parts.tables.schemaChanges.push({ namespace, table, at: parts.now(), change });
      return carryOn();
    },
  },
] as const satisfies readonly FaultKind[];
