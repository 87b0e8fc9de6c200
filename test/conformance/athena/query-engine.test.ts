import { describe } from 'vitest';
import { queryEngineContract } from '../../contract/query-engine.ts';
import { athenaEngineHome, duckDbEngineHome } from './engine-homes.ts';

describe('DuckDB', () => queryEngineContract(duckDbEngineHome));

describe('Athena', () => queryEngineContract(athenaEngineHome));
