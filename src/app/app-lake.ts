import type { Lake } from '../ports/step.ts';

/** What use cases take of an open lake: what it is, and where it is kept. The entrance that opened it closes it. */
export type AppLake = Pick<Lake, 'campus' | 'catalog' | 'platform' | 'features'>;
