import { type DatasetState, goodOf, holdOf, stagedOf, underWay } from '../../src/loads/state.ts';
import type { JsonObject } from '../../src/state/document.ts';

/** A dataset's state as format 1 wrote it: one flat record, the phases told by the fields that are there. */
export function toFormat1(state: DatasetState): JsonObject {
  const { dataset, pending, table, committed, narrowed, snapshotNext, restage } = state;
  const loading = underWay(state);
  const staged = stagedOf(state);
  const good = goodOf(state);
  // The load of the version that had passed was forgotten when its own rows were staged again.
  const passedLoad = table.phase === 'passed' || good?.load !== staged?.load ? good?.load : undefined;
  const defined = (narrowed ?? []).flatMap(({ digest, definition }) =>
    definition ? [[digest, definition]] : [],
  );
  const flat = {
    dataset,
    pending,
    ...committed,
    inFlight: loading && {
      load: loading.load,
      job: loading.job ?? '',
      ...loading.question,
      startedAt: loading.startedAt,
      attempts: loading.attempts,
      askAgainAt: loading.phase === 'retrying' ? loading.askAgainAt : undefined,
      empty: loading.phase === 'empty' || undefined,
    },
    snapshotNext,
    restage,
    narrowed: narrowed?.map(({ digest }) => digest),
    narrowedDefinitions: defined.length > 0 ? Object.fromEntries(defined) : undefined,
    staged: staged?.version,
    stagedLoad: table.phase === 'withdrawn' ? table.load : staged?.load,
    stagedTime: staged?.time,
    base: table.phase === 'withdrawn' ? table.base : staged?.base,
    rowsAtSource: staged?.rowsAtSource,
    keysAtSource: staged?.keysAtSource,
    deliveredFaults: staged?.deliveredFaults,
    passed: good?.version,
    passedLoad,
    passedTime: good?.time,
    counted: good?.counted,
    rejectedLoad: table.phase === 'rejected' ? staged?.load : undefined,
    ...holdOf(state),
  };
  return JSON.parse(JSON.stringify(flat)) as JsonObject;
}
