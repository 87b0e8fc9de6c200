import PQueue from 'p-queue';
import type { NotYet, Step, Uses } from '../ports/step.ts';
import { handOn } from './hand-on.ts';
import type { SisCopied, SisTask } from './items.ts';

type Needs = Uses<'campus' | 'catalog' | 'report' | 'objects' | 'replication'>;

const MANIFESTS_AT_ONCE = 16;

/**
 * Waits for the copy of a SIS. When it is there, writes each table's manifest and names the datasets; those whose
 * table is missing or failed are among them with the reason, and `sis-commit` fails for each.
 */
export const sisPoll: Step<SisTask, SisCopied | NotYet, Needs> = {
  name: 'sis-poll',
  async run({ run, source, task }, lake): Promise<SisCopied | NotYet> {
    const status = await lake.platform.replication.poll(task);
    if (!status.done) {
      const text = `${status.tablesDone} of ${status.tables} tables`;
      lake.report.progress(source, { rows: status.rows, text });
      return { done: false, retryAfterSeconds: status.retryAfterSeconds ?? 1 };
    }
    for (const warning of status.warnings ?? []) lake.report.note(source, `table mappings: ${warning}`);
    for (const remark of status.remarks ?? []) lake.report.note(source, remark);
    const copies = new Map(status.tables.map((table) => [`${table.schema}.${table.table}`, table]));
    const queue = new PQueue({ concurrency: MANIFESTS_AT_ONCE });
    const items = lake.catalog.of(source).map((dataset) =>
      queue.add(() => {
        const copy = copies.get(`${dataset.namespace}.${dataset.table}`);
        return handOn(lake, { run, task }, dataset, copy, status.snapshotAt);
      }),
    );
    const tables = await Promise.all(items);
    return { done: true, tables, failed: tables.filter((table) => table.error !== undefined) };
  },
};
