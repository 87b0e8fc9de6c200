import type { Json } from '../json.ts';
import type { JsonObject } from './document.ts';

/**
 * A dataset's state in format 1: one flat record, of which the fields that are there tell the phases. It was never
 * validated before this migration, so whatever is there leads to a state; what cannot be true of a record that the lake
 * wrote leads to the one from which the lake asks, stages or checks again.
 */
export function datasetFromFormat1(old: JsonObject): JsonObject {
  const { dataset = null, pending = [], snapshotNext, restage } = old;
  return {
    dataset,
    loading: loadingOf(old.inFlight),
    ...some({ committed: committedOf(old) }),
    pending,
    table: tableOf(old),
    ...some({ snapshotNext, restage, narrowed: narrowedOf(old) }),
    ...leftOver(old),
  };
}

const KNOWN: ReadonlySet<string> = new Set([
  ...['dataset', 'watermark', 'loadedAt', 'schemaVersion', 'feed', 'inFlight', 'pending', 'snapshotNext'],
  ...['restage', 'narrowed', 'narrowedDefinitions', 'staged', 'base', 'stagedLoad', 'stagedTime'],
  ...['rowsAtSource', 'keysAtSource', 'deliveredFaults', 'passed', 'passedLoad', 'passedTime', 'counted'],
  ...['rejectedLoad', 'emptied', 'acceptedRows'],
]);

/** Fields that nobody knows are kept, as everywhere. */
const leftOver = (old: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(old).filter(([name]) => !KNOWN.has(name)));

function loadingOf(inFlight: Json | undefined): JsonObject {
  const idle = { phase: 'idle' };
  if (!isObject(inFlight)) return idle;
  const { load = null, job, kind, since, startedAt = null, attempts, askAgainAt, empty } = inFlight;
  // Without an instant to ask from, it is asked for again.
  if (kind === 'increment' && since === undefined) return idle;
  const question: JsonObject = { kind: kind ?? null, ...(kind === 'increment' ? { since: since! } : {}) };
  const asked: JsonObject = { load, question, startedAt, ...some({ attempts }) };
  const hasJob = job !== undefined && job !== '';
  if (empty === true) return { phase: 'empty', ...asked, ...(hasJob ? { job } : {}) };
  if (!hasJob) return idle;
  return askAgainAt === undefined
    ? { phase: 'requested', ...asked, job }
    : { phase: 'retrying', ...asked, job, askAgainAt };
}

function committedOf({ watermark, loadedAt, schemaVersion, feed }: JsonObject): JsonObject | undefined {
  if (watermark === undefined) return undefined;
  return { watermark, loadedAt: loadedAt ?? watermark, ...some({ schemaVersion, feed }) };
}

function tableOf(old: JsonObject): JsonObject {
  const { staged, stagedLoad, base, passed, passedLoad, rejectedLoad, emptied, acceptedRows } = old;
  const good =
    passed === undefined
      ? undefined
      : {
          version: passed,
          ...some({ load: passedLoad, time: old.passedTime ?? newestTime(old), counted: old.counted }),
        };
  const hold =
    emptied === undefined && acceptedRows === undefined ? undefined : some({ emptied, acceptedRows });
  if (staged === undefined) {
    const load = stagedLoad ?? passedLoad;
    if (load === undefined && !good) return { phase: 'none' };
    return { phase: 'withdrawn', load: load ?? 'unknown', ...some({ base, good, hold }) };
  }
  const { rowsAtSource, keysAtSource, deliveredFaults } = old;
  const table = {
    version: staged,
    load: stagedLoad ?? 'unknown',
    ...some({ time: old.stagedTime ?? newestTime(old), base, rowsAtSource, keysAtSource, deliveredFaults }),
  };
  const isPassed = passedLoad === stagedLoad && JSON.stringify(passed) === JSON.stringify(staged);
  if (isPassed) return { phase: 'passed', staged: table, ...some({ counted: old.counted }) };
  const isRejected = rejectedLoad !== undefined && rejectedLoad === stagedLoad;
  return {
    phase: isRejected ? 'rejected' : 'unchecked',
    staged: table,
    ...some({ good, hold }),
  };
}

/** The first records said only of the newest load how far it goes. */
function newestTime({ watermark, loadedAt }: JsonObject): JsonObject | undefined {
  return watermark === undefined ? undefined : { asOf: watermark, loadedAt: loadedAt ?? watermark };
}

function narrowedOf({ narrowed, narrowedDefinitions = {} }: JsonObject): Json[] | undefined {
  if (!Array.isArray(narrowed)) return undefined;
  const defined = isObject(narrowedDefinitions) ? narrowedDefinitions : {};
  return narrowed.map((digest) => ({
    digest,
    ...some({ definition: typeof digest === 'string' ? defined[digest] : undefined }),
  }));
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without what is not there. */
const some = (fields: { readonly [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
