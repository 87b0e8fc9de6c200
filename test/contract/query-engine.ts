import { describe } from 'vitest';
import { homeOf, type QueryEngineHome } from './query-engine-home.ts';
import { keysContract } from './query-engine-keys.ts';
import { masksContract } from './query-engine-masks.ts';
import { mergesContract } from './query-engine-merges.ts';
import { stagingContract } from './query-engine-staging.ts';
import { tablesContract } from './query-engine-tables.ts';

/** What every query engine promises, in both targets; of raw files in Parquet, see `parquetContract`. */
export function queryEngineContract(open: () => Promise<QueryEngineHome>): void {
  describe('promises of every query engine', () => {
    const home = homeOf(open);
    stagingContract(home);
    mergesContract(home);
    masksContract(home);
    keysContract(home);
    tablesContract(home);
  });
}
