import type { LivingTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { courseTables } from './courses.ts';
import { enrolmentTables } from './enrolments.ts';
import { peopleTables } from './people.ts';
import { settingTables } from './settings.ts';
import { workTables } from './work.ts';

/** Every table that the college's Canvas hands out. */
export function canvasTables(world: World): LivingTable[] {
  return [
    ...settingTables(world),
    ...peopleTables(world),
    ...courseTables(world),
    ...enrolmentTables(world),
    ...workTables(world),
  ];
}
