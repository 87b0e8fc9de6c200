import { it } from 'vitest';
import { agesHold, deadlinesHold } from '../slo/ledger-worlds.ts';

it('deadlines over many random ledgers are met or missed by the clock on the wall', () => {
  deadlinesHold(150);
});

it('ages over many random ledgers are those that a reader found', () => {
  agesHold(1000);
});
