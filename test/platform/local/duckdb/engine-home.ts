import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openLocalEngine } from '../../../../src/platform/local/duckdb/engine.ts';
import type { CompactionPolicy } from '../../../../src/platform/local/duckdb/staging-session.ts';
import { PSEUDONYM_KEYS, type QueryEngineHome } from '../../../contract/query-engine-home.ts';

/** The engine of one machine. @param compaction default: its own rule, by which tables as small as a test's have no deltas */
export async function duckDbEngineHome(compaction?: CompactionPolicy): Promise<QueryEngineHome> {
  const root = await mkdtemp(join(tmpdir(), 'engine-'));
  const engine = await openLocalEngine({
    root,
    threads: 2,
    compaction,
    pseudonymKeys: async () => PSEUDONYM_KEYS,
  });
  return {
    engine,
    async putRaw(key, bytes) {
      const path = join(root, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
      return path;
    },
    async close() {
      await engine.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
