import { queryEngineContract } from '../../../contract/query-engine.ts';
import { parquetContract } from '../../../contract/query-engine-parquet.ts';
import { duckDbEngineHome } from './engine-home.ts';

queryEngineContract(duckDbEngineHome);
parquetContract(duckDbEngineHome);
