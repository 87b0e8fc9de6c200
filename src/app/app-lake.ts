import type { LoadedCampus } from '../campus/load.ts';
import type { Lake, Uses } from '../ports/step.ts';

/** What use cases take of an open lake: what it is, where it is kept, and who asks. The entrance that opened it closes it. */
export type AppLake = Uses<
  | 'campus'
  | 'catalog'
  | 'session'
  | 'access'
  | 'features'
  | 'clock'
  | 'objects'
  | 'ledger'
  | 'engine'
  | 'target'
>;

/** Opens the lake of a campus on this machine for the time of `work`; given by the entrance. */
export type OpenLake = <T>(
  loaded: Pick<LoadedCampus, 'campus' | 'catalog'>,
  options: Record<never, never>,
  work: (lake: Lake) => Promise<T>,
) => Promise<T>;
