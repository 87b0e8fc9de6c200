import type { Step, Uses } from '../ports/step.ts';
import type { LmsItem } from './items.ts';

/** The datasets of one source, most wanted first. */
export const lmsPlan: Step<{ run: string; source: string }, { datasets: LmsItem[] }, Uses<'catalog'>> = {
  name: 'lms-plan',
  async run({ run, source }, lake) {
    return { datasets: lake.catalog.of(source).map(({ id }) => ({ run, dataset: id })) };
  },
};
