import { type AwsPlaces, crawlerOf } from '../../src/platform/aws/places.ts';
import type { Settings } from '../settings.ts';

export const driftDatabase = ({ databasePrefix }: Settings): string => `${databasePrefix}lake_drift`;
export const driftRole = ({ name }: Settings): string => `${name}-drift`;

/** The crawler of each SIS and how often it looks. Undefined: there is no SIS. */
export function driftPlaces(settings: Settings): AwsPlaces['drift'] {
  const { name, sis, driftDays: everyDays } = settings;
  if (sis.length === 0) return undefined;
  const database = driftDatabase(settings);
  return Object.fromEntries(
    sis.map(([source]) => [source, { crawler: crawlerOf(name, source), database, everyDays }]),
  );
}
