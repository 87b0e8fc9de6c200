import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AsyncOperator } from '../src/inference/operator.ts';

/**
 * Records a second through the asynchronous operator, by capacity, beside calls one after the other and beside the limit:
 * capacity ÷ latency. The model answers after a fixed time and does nothing else.
 */
const HELP = `npm run bench:inference -- [--latency 20] [--capacity 1,10,100,1000] [--seconds 3]`;

const { values } = parseArgs({
  options: {
    latency: { type: 'string', default: '20' },
    capacity: { type: 'string', default: '1,10,100,1000' },
    seconds: { type: 'string', default: '3' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const LATENCY = Number(values.latency);
const SECONDS = Number(values.seconds);
const clock = {
  now: () => Date.now(),
  sleep: async (ms: number, signal?: AbortSignal) => {
    await sleep(ms, undefined, { signal });
  },
};
const model = async (record: number): Promise<number> => {
  await sleep(LATENCY);
  return record;
};

async function oneAfterTheOther(): Promise<number> {
  const begun = performance.now();
  let done = 0;
  while (performance.now() - begun < SECONDS * 1000) done += Number((await model(1)) > 0);
  return done / ((performance.now() - begun) / 1000);
}

async function through(
  capacity: number,
  order: 'ordered' | 'unordered',
): Promise<{ rate: number; cpu: number }> {
  let done = 0;
  const operator = new AsyncOperator<number, number>({
    clock,
    capacity,
    order,
    timeoutMs: 60_000,
    call: model,
    emit: () => {
      done += 1;
    },
  });
  const begun = performance.now();
  const cpu = process.cpuUsage();
  for (let i = 0; performance.now() - begun < SECONDS * 1000; i++)
    await operator.admit({ id: `${i}`, key: `${i}`, record: i });
  await operator.end();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: done / seconds, cpu: (user + system) / done };
}

const sequential = await oneAfterTheOther();
console.log(`one after the other: ${sequential.toFixed(0)} a second (limit ${(1000 / LATENCY).toFixed(0)})`);
for (const capacity of values.capacity.split(',').map(Number)) {
  for (const order of ['unordered', 'ordered'] as const) {
    const { rate, cpu } = await through(capacity, order);
    const limit = (capacity * 1000) / LATENCY;
    console.log(
      `capacity ${capacity}, ${order}: ${rate.toFixed(0)} a second, ${(rate / sequential).toFixed(1)}× the calls one after the other, ${((100 * rate) / limit).toFixed(0)} % of capacity ÷ latency, ${cpu.toFixed(0)} µs of processor time each`,
    );
  }
}
