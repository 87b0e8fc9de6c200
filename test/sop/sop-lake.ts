import type { Lake } from '../../src/ports/step.ts';
import { lakeOf } from '../lake-of.ts';

/** A lake for tests of procedures; what a test does not give is not there. */
export const wholeLakeOf = (given: Parameters<typeof lakeOf>[0]): Lake => lakeOf(given) as Lake;
