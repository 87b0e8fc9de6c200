import { describe } from 'vitest';
import { parquetContract } from '../../contract/query-engine-parquet.ts';
import { athenaEngineHome, duckDbEngineHome } from './engine-homes.ts';

describe('DuckDB', () => parquetContract(duckDbEngineHome));

describe('Athena', () => parquetContract(athenaEngineHome));
