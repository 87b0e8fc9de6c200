import { openLocalEventLogs } from '../../../src/platform/local/event-log/event-logs.ts';

/** Appends events until it is killed, and says of each batch that it is on the disk once it is. */
const [folder, round] = process.argv.slice(2) as [string, string];
const logs = openLocalEventLogs({
  folder,
  clock: { now: () => Date.now() },
  segments: { bytes: 20_000 },
  partitions: 2,
});
const writer = await logs.openWriter('log');
process.stdout.write('open\n');
const lane = async (name: string) => {
  for (let i = 0; ; i += 1) {
    const key = `${name}${i % 3}`;
    const batch = Array.from({ length: 1 + (i % 4) }, (_, j) => ({
      key,
      value: `${round}/${name}/${i}/${j}/${'x'.repeat((i * 37) % 700)}`,
    }));
    await writer.append(batch);
    process.stdout.write(`${batch.map(({ value }) => value.replace(/x*$/, '')).join(' ')}\n`);
  }
};
await Promise.all(['a', 'b', 'c', 'd'].map(lane));
