import { describe } from 'vitest';
import { parquetContract } from '../../contract/query-engine-parquet.ts';
import { athenaEngineHome } from './engine-home.ts';

describe('Athena', () => parquetContract(athenaEngineHome));
