import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { startTrino } from '../../conformance/athena/trino.ts';
import { FOUND_FILE } from '../../sql/vectors/found.ts';
import { fuzz } from './fuzz.ts';

const HELP = `Asks the lake and a real Trino random queries and compares their answers.

  npm run fuzz:sql                              2,000 queries with a seed of their own
  npm run fuzz:sql -- --queries 10000 --seed 7  so many, from this seed
  npm run fuzz:sql -- --trino http://host:8080  a server that runs already; default: one is installed and started
  npm run fuzz:sql -- --at-once 4               so many queries at the same time; default: 2
  npm run fuzz:sql -- --keep                    adds each difference, made as small as it goes, to test/sql/vectors/found.jsonl,
                                                which npm test asks again once Trino's answer is recorded

Ends with 1 where an answer differs.
`;

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    trino: { type: 'string' },
    'at-once': { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const folder = await mkdtemp(join(tmpdir(), 'lake-fuzz-'));
const engine = await openLocalEngine({ root: folder, memoryMegabytes: 500, threads: 2 });
const trino = values.trino
  ? { url: values.trino, stop: async () => {} }
  : await startTrino('http://127.0.0.1:9');
try {
  const seed = Number(values.seed);
  const counts = await fuzz({
    lake: engine,
    trinoUrl: trino.url,
    queries: Number(values.queries),
    seed,
    atOnce: Number(values['at-once']),
    async found(difference) {
      process.stdout.write(
        `\n${difference.what}:\n${difference.sql}\n  here  ${difference.here}\n  there ${difference.there}\n`,
      );
      if (values.keep) await appendFile(FOUND_FILE, `${JSON.stringify(difference.sql)}\n`);
    },
    progress: (done) => process.stderr.write(`\r${done} queries`),
  });
  process.stdout.write(`\nseed ${seed}: ${JSON.stringify(counts, null, 2)}\n`);
  process.exitCode = counts.different > 0 ? 1 : 0;
} finally {
  await trino.stop();
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}
