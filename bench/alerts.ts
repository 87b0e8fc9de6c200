import { parseArgs } from 'node:util';
import { axisOf } from '../src/alerts/evaluate/axis.ts';
import { AlertStream, type Rule } from '../src/alerts/evaluate/stream.ts';
import { QueryIndex } from '../src/alerts/index/query-index.ts';
import { execute, parseExpression } from '../src/alerts/language/interpreter.ts';
import { matches, type Query, type Tags } from '../src/alerts/language/query.ts';
import { granted } from '../test/granted.ts';
import { openTestLake } from '../test/platform/local/duckdb/lake-folder.ts';

/**
 * What alerts cost on a stream: datapoints a second of one core, by number of expressions; a look-up in the index of
 * queries; and the same alerts polled by SQL. Times are processor time, so that other work on the machine does not count.
 */
const HELP = `npm run bench:alerts -- [--expressions 1000,10000,100000] [--datapoints 60000] [--minutes 5] [--polled 100]`;

const { values } = parseArgs({
  options: {
    expressions: { type: 'string', default: '1000,10000,100000' },
    datapoints: { type: 'string', default: '60000' },
    minutes: { type: 'string', default: '5' },
    polled: { type: 'string', default: '100' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const MINUTE = 60_000;
const PER_MINUTE = Number(values.datapoints);
const MINUTES = Number(values.minutes);

/** A fixed sequence: https://en.wikipedia.org/wiki/Linear_congruential_generator, by the constants of Numerical Recipes. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

const programOf = (i: number) => `name,submissions,:eq,course,c${i},:eq,:and,:sum,5,:rolling-sum,1000,:gt`;

/** Processor seconds of work. */
async function cpu(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** @returns datapoints a second of one core */
async function stream(expressions: number): Promise<number> {
  const axis = axisOf('1m', { zone: 'UTC', days: [1], breaks: [] })!;
  const rules: Rule[] = Array.from({ length: expressions }, (_, i) => ({
    name: `r${i}`,
    expr: parseExpression(programOf(i)).expr,
    axis,
  }));
  // One for all students, beside the many for one course each.
  rules.push({
    name: 'all',
    expr: parseExpression('name,submissions,:eq,(,student,),:by,5,:rolling-sum,100,:gt').expr,
    axis,
  });
  let verdicts = 0;
  const alerts = new AlertStream(rules, { from: 0, onVerdict: () => verdicts++ });
  const random = randomOf(42);
  const minutes = Array.from({ length: MINUTES + 1 }, (_, minute) =>
    Array.from({ length: PER_MINUTE }, () => ({
      tags: new Map([
        ['name', 'submissions'],
        ['student', `s${random(10_000)}`],
        ['course', `c${random(1000)}`],
        ['term', 'T'],
      ]),
      time: minute * MINUTE + random(MINUTE),
      value: 1,
    })),
  );
  const run = (minute: number) => {
    for (const point of minutes[minute]!) alerts.add(point);
    alerts.advance((minute + 1) * MINUTE);
  };
  run(0);
  const seconds = await cpu(() => {
    for (let minute = 1; minute <= MINUTES; minute++) run(minute);
  });
  if (verdicts === 0) throw new Error('nothing was evaluated');
  return (MINUTES * PER_MINUTE) / seconds;
}

/** 5,000 queries, 50 names, 10 keys, 8 values, 200 ids, as in spectator's QueryIndexMatch. @returns µs an id, µs by asking each */
async function lookUp(): Promise<{ index: number; each: number; found: number }> {
  const random = randomOf(42);
  const forms = ['eq', 'eq', 'eq', 'eq', 'in', 'has', 're', 'not'];
  const condition = () => {
    const key = `k${random(10)}`;
    switch (forms[random(forms.length)]) {
      case 'in':
        return `${key},(,v${random(8)},v${random(8)},),:in`;
      case 'has':
        return `${key},:has`;
      case 're':
        return `${key},v[${random(4)}-${4 + random(4)}],:re`;
      case 'not':
        return `${key},v${random(8)},:eq,:not`;
      default:
        return `${key},v${random(8)},:eq`;
    }
  };
  const index = new QueryIndex<number>();
  const queries: Query[] = [];
  for (let i = 0; i < 5000; i++) {
    const parts = Array.from({ length: 1 + random(3) }, condition);
    const query = execute(
      `name,n${random(50)},:eq,${parts.map((part) => `${part},:and`).join(',')}`,
    )[0] as Query;
    queries.push(query);
    index.add(query, i);
  }
  const ids: Tags[] = Array.from(
    { length: 200 },
    () =>
      new Map([
        ['name', `n${random(50)}`],
        ...Array.from({ length: 10 }, (_, k) => [`k${k}`, `v${random(8)}`] as const),
      ]),
  );
  let found = 0;
  const rounds = 200;
  for (const id of ids) found += index.find(id).length;
  let sum = 0;
  const seconds = await cpu(() => {
    for (let round = 0; round < rounds; round++) for (const id of ids) sum += index.find(id).length;
  });
  let asked = 0;
  const slow = await cpu(() => {
    for (const id of ids) for (const query of queries) if (matches(query, id)) asked++;
  });
  if (asked !== found || sum !== found * rounds) throw new Error('index and queries differ');
  return {
    index: (seconds * 1e6) / (rounds * ids.length),
    each: (slow * 1e6) / ids.length,
    found: found / ids.length,
  };
}

/** The same alerts by SQL, each asked once: five minutes of datapoints in a table. @returns processor ms an alert */
async function poll(count: number): Promise<number> {
  const lake = await openTestLake();
  const random = randomOf(42);
  const rows = Array.from({ length: 5 * PER_MINUTE }, () => [
    `s${random(10_000)}`,
    `c${random(1000)}`,
    random(5),
    1,
  ]);
  const points = await lake.engine.literalTable(
    'campus.points',
    [
      { name: 'student', type: 'varchar' },
      { name: 'course', type: 'varchar' },
      { name: 'minute', type: 'integer' },
      { name: 'value', type: 'double' },
    ],
    rows,
    'bench',
  );
  const grant = granted({ 'campus.points': points });
  const ask = async (i: number) => {
    const { batches } = await lake.engine.query(
      `SELECT sum(value) > 1000 FROM campus.points WHERE course = 'c${i}' AND minute BETWEEN 0 AND 4`,
      grant,
    );
    for await (const _ of batches()) void _;
  };
  await ask(0);
  const seconds = await cpu(async () => {
    for (let i = 1; i <= count; i++) await ask(i);
  });
  await lake.close();
  return (seconds * 1000) / count;
}

const speeds = new Map<number, number>();
for (const expressions of values.expressions.split(',').map(Number)) {
  const speed = await stream(expressions);
  speeds.set(expressions, speed);
  console.log(
    `${expressions.toLocaleString('en-US')} expressions: ${Math.round(speed).toLocaleString('en-US')} datapoints a second of one core`,
  );
}
const [least, most] = [Math.min(...speeds.keys()), Math.max(...speeds.keys())];
console.log(
  `cost of a datapoint at ${most} expressions: ${(speeds.get(least)! / speeds.get(most)!).toFixed(2)} times that at ${least}`,
);
const { index, each, found } = await lookUp();
console.log(
  `index: ${index.toFixed(2)} µs an id (${(index / 0.66).toFixed(1)} times the 0.66 µs published for the JVM), ${found.toFixed(1)} found; each query asked: ${each.toFixed(0)} µs, ${(each / index).toFixed(0)} times`,
);
const polled = await poll(Number(values.polled));
const streamed = (1000 * PER_MINUTE) / (speeds.get(10_000) ?? [...speeds.values()][0]!) / 10_000;
console.log(
  `polled by SQL: ${polled.toFixed(2)} ms an alert and minute; on the stream at 10,000 expressions: ${streamed.toFixed(4)} ms (${Math.round(polled / streamed)} times less)`,
);
