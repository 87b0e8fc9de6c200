import { DATASETS, DAY, type Draft, HOUR, MINUTE, MODEL_TABLES, type Random } from './college.ts';

/** What is really behind a night: what an answer is graded by, exactly. */
export interface Truth {
  /** ISO 8601 UTC; an answer within a minute of it is right. */
  readonly time: string;
  readonly component: string;
  readonly reason: string;
}

export interface Planted {
  readonly question: string;
  readonly truth: Truth;
}

/** One way in which a night goes wrong; changes the rows of the last night. */
export type Plant = (draft: Draft, by: Random) => Planted;

const MODELS_OF = (draft: Draft, component: string): string[] =>
  MODEL_TABLES.filter((table) => upstream(draft, table).includes(component));

function upstream(draft: Draft, table: string): string[] {
  return [table, ...(draft.tables.get(table)?.reads ?? []).flatMap((read) => upstream(draft, read))];
}

/** A question on the component itself, on something that is made of it, or on the night. */
function questionOn(draft: Draft, component: string, by: Random): string {
  const readers = MODELS_OF(draft, component).filter((table) => table !== component);
  const name = readers.length > 0 && by.next() < 0.5 ? by.pick(readers) : component;
  const short = name.split('.')[1] ?? name;
  return by.pick([
    `why is ${name} late?`,
    `What is wrong with ${name}?`,
    `why did ${name} fail last night`,
    `explain what happened to ${short}`,
    'what went wrong last night?',
    `${name} looks wrong this morning, why?`,
  ]);
}

const last = (draft: Draft) => draft.runs.at(-1)!;
const lastLoads = (draft: Draft, source = '') =>
  draft.loads.filter(({ run, dataset }) => run === last(draft).id && dataset.startsWith(source));
const at = (draft: Draft, minutes: number) =>
  new Date(Date.parse(last(draft).startedAt) + minutes * MINUTE).toISOString();
const failRun = (draft: Draft) => draft.runs.splice(-1, 1, { ...last(draft), status: 'failed' });
const drop = <T>(of: T[], unwanted: (one: T) => boolean) =>
  of.splice(0, of.length, ...of.filter((one) => !unwanted(one)));

function stale(draft: Draft, component: string): void {
  const asOf = draft.runs.at(-2)!.startedAt;
  for (const table of new Set([component, ...MODELS_OF(draft, component)])) {
    const before = draft.tables.get(table);
    if (before)
      draft.tables.set(table, {
        ...before,
        status: 'stale',
        asOf,
        since: at(draft, 20),
        reason: 'older than promised',
      });
  }
}

function failStep(
  draft: Draft,
  of: {
    step: string;
    item: string;
    source: string;
    code: string;
    reach: 'item' | 'source' | 'lake';
    minute: number;
  },
): string {
  const { minute, ...rest } = of;
  const time = at(draft, minute);
  draft.failures.push({
    ...rest,
    id: `${last(draft).id}/main/${of.item || of.source}/${of.step}`,
    run: last(draft).id,
    at: time,
    message: `The step ${of.step} did not succeed.`,
  });
  failRun(draft);
  return time;
}

/** The run ended before anybody diagnosed it: no incident is recorded. */
const sourceDown: Plant = (draft, by) => {
  const source = by.pick(['canvas', 'sis']);
  const code =
    source === 'canvas'
      ? by.pick(['lms-unreachable', 'lms-login'])
      : by.pick(['sis-connection', 'sis-login']);
  const time = failStep(draft, {
    step: `${source}-start`,
    item: '',
    source,
    code,
    reach: 'source',
    minute: 1,
  });
  const run = last(draft).id;
  drop(draft.loads, (one) => one.run === run && one.dataset.startsWith(source));
  for (const dataset of DATASETS.filter((one) => one.startsWith(source))) stale(draft, dataset);
  const table = by.pick(DATASETS.filter((one) => one.startsWith(source)));
  return { question: questionOn(draft, table, by), truth: { time, component: source, reason: code } };
};

/** The same, and the lake has diagnosed it. */
const diagnosedSource: Plant = (draft, by) => {
  const { question, truth } = sourceDown(draft, by);
  const run = last(draft).id;
  const reason = truth.component === 'canvas' ? 'lms-unreachable' : 'sis-unreachable';
  draft.incidents.push({
    id: `${run}/${reason}.${truth.component}`,
    cause: reason,
    title: `The source does not answer: ${truth.component}`,
    scope: { kind: 'source', name: truth.component },
    state: 'new',
    confidence: 0.9,
    alternatives: [],
    openedAt: truth.time,
    lastSeenAt: at(draft, 28),
    lastSeenIn: run,
    tables: [],
    affected: [...DATASETS.filter((one) => one.startsWith(truth.component))],
    assignee: 'operator of the lake',
    why: 'the source did not answer',
    action: 'see whether it is up',
    repairs: ['run-again'],
    signals: [],
    tried: [],
  });
  return { question, truth: { ...truth, reason } };
};

const lateFeed: Plant = (draft, by) => {
  const source = by.pick(['canvas', 'sis']);
  const behind = by.between(8, 30) * HOUR;
  const loads = lastLoads(draft, source);
  for (const load of loads)
    draft.loads.splice(draft.loads.indexOf(load), 1, {
      ...load,
      watermark: new Date(Date.parse(load.watermark!) - behind).toISOString(),
    });
  const table = by.pick(loads).dataset;
  return {
    question: questionOn(draft, table, by),
    truth: { time: freshest(draft, source), component: source, reason: 'source-lags' },
  };
};

/** The start of the load by which its source knows the most. */
function freshest(draft: Draft, source: string): string {
  const lag = ({ startedAt, watermark }: { startedAt?: string; watermark?: string }) =>
    Date.parse(startedAt!) - Date.parse(watermark!);
  return lastLoads(draft, source).sort((a, b) => lag(a) - lag(b))[0]!.startedAt!;
}

const clockSkew: Plant = (draft, by) => {
  const ahead = by.between(20, 300) * MINUTE;
  const isAll = by.next() < 0.5;
  const source = by.pick(['canvas', 'sis']);
  const loads = lastLoads(draft, isAll ? '' : source);
  for (const load of loads)
    draft.loads.splice(draft.loads.indexOf(load), 1, {
      ...load,
      watermark: new Date(Date.parse(load.watermark!) + ahead).toISOString(),
    });
  const table = by.pick(loads).dataset;
  return {
    question: questionOn(draft, table, by),
    truth: {
      time: isAll ? freshest(draft, 'canvas') : freshest(draft, source),
      component: isAll ? 'lake' : source,
      reason: 'clock-differs',
    },
  };
};

const schemaDrift: Plant = (draft, by) => {
  const dataset = by.pick(DATASETS.filter((one) => MODELS_OF(draft, one).length > 0));
  const time = at(draft, 2);
  const run = last(draft).id;
  draft.changes.push({
    id: `${run}:${dataset}:score:vanished`,
    run,
    dataset,
    column: by.pick(['score', 'state', 'term_id']),
    change: by.pick(['vanished', 'retyped', 'renamed']),
    at: time,
  });
  const model = by.pick(MODELS_OF(draft, dataset)).split('.')[1]!;
  failStep(draft, {
    step: 'build-model',
    item: model,
    source: '',
    code: 'sql-value',
    reach: 'item',
    minute: 14,
  });
  stale(draft, `campus.${model}`);
  return {
    question: questionOn(draft, `campus.${model}`, by),
    truth: { time, component: dataset, reason: 'schema-changed' },
  };
};

const duplicateLoad: Plant = (draft, by) => {
  const load = by.pick(lastLoads(draft));
  const committedAt = new Date(Date.parse(load.committedAt) + 2 * MINUTE).toISOString();
  draft.loads.push({ ...load, id: `${load.id}:2`, committedAt });
  draft.checks.push({
    id: `${load.run}/${load.dataset}/unique`,
    run: load.run,
    table: load.dataset,
    check: 'unique(id)',
    status: 'failed',
    severity: 'fail',
    failing: load.rows!,
    at: at(draft, 18),
  });
  return {
    question: questionOn(draft, load.dataset, by),
    truth: { time: committedAt, component: load.dataset, reason: 'load-repeated' },
  };
};

const emptyFeed: Plant = (draft, by) => {
  const load = by.pick(lastLoads(draft));
  const rows = by.next() < 0.5 ? 0 : Math.round(load.rows! * 6);
  draft.loads.splice(draft.loads.indexOf(load), 1, { ...load, rows });
  // What is made of it grows with it, which is no cause of its own.
  const name = `stage ${load.dataset}`;
  const index = draft.jobs.findIndex(({ run, job }) => run === load.run && job === name);
  draft.jobs.splice(index, 1, { ...draft.jobs[index]!, rowsOut: rows });
  return {
    question: questionOn(draft, load.dataset, by),
    truth: { time: load.committedAt, component: load.dataset, reason: 'volume-unusual' },
  };
};

const slowNode: Plant = (draft, by) => {
  const jobs = draft.jobs.filter(({ run, ranMs }) => run === last(draft).id && ranMs > 2_000);
  const slow = by.pick(jobs);
  const isQueue = by.next() < 0.4;
  const more = slow.ranMs * by.between(8, 20) + 30_000;
  draft.jobs.splice(draft.jobs.indexOf(slow), 1, {
    ...slow,
    ...(isQueue ? { queuedMs: more } : { ranMs: slow.ranMs + more }),
  });
  const item = slow.job.split(' ')[1]!;
  const component = draft.tables.has(item) ? item : `campus.${item}`;
  return {
    question: by.pick([
      'why was the run slow last night?',
      `why did ${component} take so long last night`,
      `what happened to ${component}`,
    ]),
    truth: { time: slow.startedAt, component, reason: isQueue ? 'work-queued' : 'work-slow' },
  };
};

const badJoin: Plant = (draft, by) => {
  const jobs = draft.jobs.filter(({ run, job }) => run === last(draft).id && job.startsWith('build-model '));
  const wrong = by.pick(jobs);
  draft.jobs.splice(draft.jobs.indexOf(wrong), 1, {
    ...wrong,
    rowsOut: Math.round(wrong.rowsOut! * (2 + by.next() * 3)),
  });
  const component = `campus.${wrong.job.split(' ')[1]}`;
  return {
    question: by.pick([`why does ${component} have too many rows?`, `what is wrong with ${component}?`]),
    truth: { time: wrong.startedAt, component, reason: 'rows-multiplied' },
  };
};

const ruleBroken: Plant = (draft, by) => {
  const table = by.pick([...DATASETS, ...MODEL_TABLES]);
  const [check, reason] = by.pick([
    ['not_null(id)', 'rows-break-rule'],
    ['unique(id)', 'rows-doubled'],
    ['not_emptied', 'table-emptied'],
    ['accepted_values(state)', 'rows-break-rule'],
  ]);
  const time = at(draft, 18);
  draft.checks.push({
    id: `${last(draft).id}/${table}/${check}`,
    run: last(draft).id,
    table,
    check: check!,
    status: 'failed',
    severity: 'fail',
    failing: by.between(1, 200),
    at: time,
  });
  stale(draft, table);
  return { question: questionOn(draft, table, by), truth: { time, component: table, reason: reason! } };
};

const missingRun: Plant = (draft, by) => {
  const gone = draft.runs.pop()!;
  const isOf = (one: { readonly run: string }) => one.run === gone.id;
  drop(draft.loads, isOf);
  drop(draft.jobs, isOf);
  for (const table of DATASETS) stale(draft, table);
  const expected = Math.floor(Date.parse(gone.startedAt) / DAY) * DAY + 8.5 * HOUR;
  return {
    question: by.pick([
      'what is wrong?',
      `why is ${by.pick(MODEL_TABLES)} late?`,
      `why is ${by.pick(DATASETS)} not updated`,
    ]),
    truth: { time: new Date(expected).toISOString(), component: 'lake', reason: 'run-missing' },
  };
};

const killedRun: Plant = (draft, by) => {
  const killed = last(draft);
  const { endedAt: _, ...rest } = killed;
  draft.runs.splice(-1, 1, { ...rest, status: 'running' });
  draft.at = Date.parse(killed.startedAt) + by.between(3, 8) * HOUR;
  const late = at(draft, 6);
  drop(draft.loads, ({ run, committedAt }) => run === killed.id && committedAt > late);
  drop(draft.jobs, ({ run, startedAt }) => run === killed.id && startedAt > late);
  return {
    question: by.pick([
      'why does the run not end?',
      'what is wrong?',
      `why is ${by.pick(MODEL_TABLES)} late`,
    ]),
    truth: { time: killed.startedAt, component: 'lake', reason: 'run-hangs' },
  };
};

const permissionLost: Plant = (draft, by) => {
  const dataset = by.pick(DATASETS.filter((one) => one.startsWith('sis.')));
  const time = failStep(draft, {
    step: 'sis-copy',
    item: dataset,
    source: 'sis',
    code: 'sis-permission',
    reach: 'item',
    minute: 6,
  });
  const run = last(draft).id;
  drop(draft.loads, (one) => one.run === run && one.dataset === dataset);
  stale(draft, dataset);
  return {
    question: questionOn(draft, dataset, by),
    truth: { time, component: dataset, reason: 'sis-permission' },
  };
};

const diskFull: Plant = (draft, by) => {
  const time = failStep(draft, {
    step: 'stage',
    item: by.pick(DATASETS),
    source: '',
    code: 'disk-full',
    reach: 'lake',
    minute: 8,
  });
  for (const table of DATASETS.slice(3)) stale(draft, table);
  return {
    question: questionOn(draft, by.pick(DATASETS), by),
    truth: { time, component: 'lake', reason: 'disk-full' },
  };
};

export const PLANTS: Readonly<Record<string, Plant>> = {
  sourceDown,
  diagnosedSource,
  lateFeed,
  clockSkew,
  schemaDrift,
  duplicateLoad,
  emptyFeed,
  slowNode,
  badJoin,
  ruleBroken,
  missingRun,
  killedRun,
  permissionLost,
  diskFull,
};
