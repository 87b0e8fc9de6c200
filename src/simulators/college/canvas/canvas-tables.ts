import type { LivingTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { assignmentTables } from './assignments.ts';
import { contentTables } from './content.ts';
import { courseTables } from './courses.ts';
import { enrolmentTables } from './enrolments.ts';
import { gradeTables } from './grades.ts';
import { mailTables } from './mail.ts';
import { otherNamespaces } from './other-namespaces.ts';
import { overrideTables } from './overrides.ts';
import { peopleTables } from './people.ts';
import { quizTables } from './quizzes.ts';
import { settingTables } from './settings.ts';
import { submissionTable } from './submissions.ts';
import { talkTables } from './talk.ts';
import { teamTables } from './teams.ts';
import { webLogTable } from './web-logs.ts';

/** Every table that the college's Canvas hands out. */
export function canvasTables(world: World): LivingTable[] {
  return [
    ...settingTables(world),
    ...peopleTables(world),
    ...courseTables(world),
    ...enrolmentTables(world),
    ...assignmentTables(world),
    submissionTable(world),
    ...gradeTables(world),
    ...overrideTables(world),
    ...quizTables(world),
    ...contentTables(world),
    ...talkTables(world),
    ...teamTables(world),
    ...mailTables(world),
    webLogTable(world),
    ...otherNamespaces(world),
  ];
}
