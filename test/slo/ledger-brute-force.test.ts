import { it } from 'vitest';
import { propertyRuns } from '../property-runs.ts';
import { agesHold, deadlinesHold } from './ledger-worlds.ts';

it('deadlines over random ledgers are met or missed by the clock on the wall, also when it changes', () => {
  deadlinesHold(propertyRuns(9));
});

it('ages over random ledgers are those that a reader found', () => {
  agesHold(propertyRuns(30));
});
