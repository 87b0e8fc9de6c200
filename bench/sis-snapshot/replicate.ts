import { openLocalReplication } from '../../src/platform/local/replication/replication.ts';
import type { BenchSis } from './sis.ts';

/** One copy by the lake's replicator, in a process of its own. `argv`: JSON of what to copy and where to. */
const { sis, schema, root } = JSON.parse(process.argv[2]!) as { sis: BenchSis; schema: string; root: string };

const replication = openLocalReplication({
  root,
  sources: { sis: { ...sis, kind: 'postgres', password: { env: 'UNUSED' }, ssl: 'disable' } },
  secrets: { get: async () => sis.password },
});
const started = performance.now();
const { task } = await replication.start({
  source: 'sis',
  load: 'bench',
  prefix: 'raw/sis/bench',
  mappings: {
    rules: [
      {
        'rule-type': 'selection',
        'rule-id': '1',
        'rule-name': 'all',
        'rule-action': 'include',
        'object-locator': { 'schema-name': schema, 'table-name': '%' },
      },
    ],
  },
});
for (;;) {
  const status = await replication.poll(task);
  if (!status.done) continue;
  const failed = status.tables.find((table) => table.error);
  if (failed) throw new Error(failed.error);
  break;
}
console.log(`seconds=${(performance.now() - started) / 1000}`);
await replication.close();
