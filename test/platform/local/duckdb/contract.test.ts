import { describe } from 'vitest';
import { queryEngineContract } from '../../../contract/query-engine.ts';
import { homeOf } from '../../../contract/query-engine-home.ts';
import { mergesContract } from '../../../contract/query-engine-merges.ts';
import { parquetContract } from '../../../contract/query-engine-parquet.ts';
import { duckDbEngineHome } from './engine-home.ts';

queryEngineContract(() => duckDbEngineHome());
parquetContract(() => duckDbEngineHome());
describe('where changes stay beside the base, as in a big table', () => {
  mergesContract(homeOf(() => duckDbEngineHome({ share: 99, files: 99, smallBase: 0 })));
});
