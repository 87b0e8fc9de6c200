import type { Json } from '../../../json.ts';
import { jsonAnswer } from '../answer.ts';
import { iso, type Job, type JobFile, objectId, type Spoiling } from '../job.ts';
import type { DapColumn, DapType } from '../schema/dap-types.ts';
import type { FaultKind, Strike } from './fault.ts';
import { spoiled, withJob } from './job-faults.ts';

const JOBS = ['create-job', 'get-job'] as const;

/** The answer about a job with other fields; undefined: one that is missing. */
function answering(
  what: (body: { readonly [field: string]: Json }) => { readonly [field: string]: Json | undefined },
) {
  return async ({ carryOn }: Strike) => {
    const right = await carryOn();
    const body = JSON.parse(Buffer.concat(right.body).toString()) as { [field: string]: Json };
    const fields = Object.entries({ ...body, ...what(body) }).filter(([, value]) => value !== undefined);
    return jsonAnswer(right.status, Object.fromEntries(fields) as Json);
  };
}

/** The value of a column in a record of JSON Lines: put there, whether the record has one or not. */
function withValue(line: string, column: string, value: Uint8Array | string): Uint8Array {
  const [start, rest] = line.split('"value":{', 2);
  if (rest === undefined) return Buffer.from(line);
  const others = rest.replace(new RegExp(`"${column}":(?:"(?:[^"\\\\]|\\\\.)*"|[^,}]*),?`), '');
  const separator = others.startsWith('}') ? '' : ',';
  return Buffer.concat([
    Buffer.from(`${start}"value":{"${column}":`),
    Buffer.from(value),
    Buffer.from(separator + others.replace(/^,/, '')),
  ]);
}

/** A value that does not belong there, in every tenth record, in the first column of a kind that may be empty. */
function misplaced(kinds: readonly DapType['kind'][], value: Uint8Array | string): FaultKind['strike'] {
  return spoiled((job): Spoiling => {
    const fits = (c: DapColumn) => c.section === 'value' && !c.required && kinds.includes(c.type.kind);
    const column = job.schema.columns.find((c) => fits(c) && !c.empty) ?? job.schema.columns.find(fits);
    return column
      ? { line: (line, place) => (place % 10 === 0 ? withValue(line, column.name, value) : line) }
      : {};
  });
}

function lines(change: (line: string, place: number) => string): FaultKind['strike'] {
  return spoiled(() => ({ line: change }));
}

const renamed = (file: JobFile): JobFile => ({ ...file, name: file.name.replace(/\..*$/, '') });
const padded = (file: JobFile): JobFile => ({ ...file, bytes: [...file.bytes, new Uint8Array(512)] });

const laterSince = ({ request, upTo }: Job): string =>
  iso(Math.max((request.since ?? 0) + 1, Math.floor(((request.since ?? 0) + upTo) / 2)));

/** What is delivered otherwise than the documentation has it, and answers to another question. Records: of JSON Lines. */
export const DELIVERY_FAULTS = [
  {
    what: 'null-fields',
    endpoints: JOBS,
    calls: 'recover',
    about: 'fields that may be absent come as null, and the end of the job is not given',
    strike: answering((body) => ({
      expires_at: null,
      ...Object.fromEntries(['at', 'since', 'until', 'error'].map((field) => [field, body[field] ?? null])),
    })),
  },
  {
    what: 'objects-missing',
    endpoints: JOBS,
    calls: 'report',
    about: 'a complete job says nothing of its objects, not even that there are none',
    strike: answering(() => ({ objects: undefined, status: 'complete', schema_version: 1, at: iso(0) })),
  },
  {
    what: 'objects-twice',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'the job names each of its objects twice',
    strike: withJob((job) => {
      const ids = (job.files ?? []).map((file) => ({ id: objectId(job, file) }));
      job.says = { objects: [...ids, ...ids] };
    }),
  },
  {
    what: 'other-since',
    endpoints: ['create-job'],
    onlyIncrements: true,
    calls: 'recover',
    about: 'the job says that it begins later than asked',
    strike: withJob((job) => {
      job.says = { since: laterSince(job) };
    }),
  },
  {
    what: 'snapshot-for-increment',
    endpoints: ['create-job'],
    onlyIncrements: true,
    calls: 'recover',
    about: 'changes were asked for, and the job says that it is a snapshot',
    strike: withJob((job) => {
      job.says = { since: undefined, until: undefined, at: iso(job.upTo) };
    }),
  },
  {
    what: 'emptied',
    endpoints: ['create-job'],
    in: 'records',
    calls: 'report',
    about: 'a complete job without any object, whatever is in the table',
    strike: spoiled(() => ({ rows: () => [], files: () => [] })),
  },
  {
    what: 'names-without-extension',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'file names say nothing of what the files are',
    strike: spoiled(() => ({ files: (files) => files.map(renamed) })),
  },
  {
    what: 'gzip-padding',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'zeros follow the last member of a gzip file',
    strike: spoiled(({ request }) =>
      request.format === 'parquet' ? {} : { files: (files) => files.map(padded) },
    ),
  },
  {
    what: 'byte-order-mark',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'a byte order mark precedes the first record',
    strike: lines((line, place) => (place === 0 ? `\ufeff${line}` : line)),
  },
  {
    what: 'half-surrogate',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'texts hold half of a surrogate pair, as those do that were cut by UTF-16 length',
    strike: misplaced(['string', 'text'], '"half \\ud83d of a smile"'),
  },
  {
    what: 'bad-bytes',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'texts hold bytes that are no UTF-8',
    strike: misplaced(['string', 'text'], Buffer.from('"caf\u00e9"', 'latin1')),
  },
  {
    what: 'fraction',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'fractions in a column of whole numbers',
    strike: misplaced(['int64', 'int32'], '3.7'),
  },
  {
    what: 'bad-instant',
    endpoints: ['create-job'],
    calls: 'recover',
    about: 'texts in a column of instants that are none',
    strike: misplaced(['timestamp'], '"soon"'),
  },
  {
    what: 'lower-case-actions',
    endpoints: ['create-job'],
    onlyIncrements: true,
    calls: 'recover',
    about: 'actions are written `u` and `d`',
    strike: lines((line) =>
      line.replace(/"action":"[UD]"/, (action) => `"action":"${action[10]!.toLowerCase()}"`),
    ),
  },
  {
    what: 'no-actions',
    endpoints: ['create-job'],
    onlyIncrements: true,
    calls: 'recover',
    about: 'records have no action; those that have no value either are deletes',
    strike: lines((line) => line.replace(/,"action":"[UD]"/, '')),
  },
  {
    what: 'unknown-action',
    endpoints: ['create-job'],
    onlyIncrements: true,
    in: 'records',
    calls: 'report',
    about: 'the first record has an action that nobody knows',
    strike: lines((line, place) => (place === 0 ? line.replace(/"action":"[UD]"/, '"action":"M"') : line)),
  },
] as const satisfies readonly FaultKind[];
