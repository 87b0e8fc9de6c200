import { queryTables } from '../../../src/access/query.ts';
import { listModelRecords } from '../../../src/pipeline/model-record.ts';
import { publicationOf } from '../../../src/pipeline/published.ts';
import type { CommandFlags, Feature } from '../../../src/ports/feature.ts';

/** Counts late work by course. A feature as a newcomer would write it: see test/long/features/new-feature.test.ts. */
export const lateWork: Feature = {
  name: 'late-work',
  models: [
    {
      name: 'late_work',
      sql: `-- description: submissions that came late, by course
-- grain: course_id
-- owner: Data team
-- column course_id (none): the Canvas course
-- column late (none): submissions after their due date
SELECT course_id, count_if(status = 'late') AS late FROM campus.submissions GROUP BY course_id`,
    },
  ],
  steps: [
    {
      name: 'count-late-work',
      after: 'models',
      load: async () => ({
        name: 'count-late-work',
        async run({ run }, { platform: { ledger } }) {
          const record = (await listModelRecords(ledger)).find(({ model }) => model === 'late_work');
          const courses = record?.version.rows ?? 0;
          await ledger.append('late_work', [{ id: `${run}/late-work`, run, courses }]);
          return { courses };
        },
      }),
    },
  ],
  opsTables: [
    {
      name: 'late_work',
      description: 'In each run, the courses whose late work was counted',
      columns: [{ name: 'courses', type: 'bigint' }],
    },
  ],
  dictionary: [{ title: 'Late work', text: 'Work is late when it came after its due date.' }],
  commands: [
    {
      name: 'late-work',
      description: 'how much work came late, by course',
      load: async () => (command, tools) =>
        tools.addOptions(command).action((flags: CommandFlags) =>
          tools.run(async () => {
            const row = await tools.withLake(flags, async (lake) => {
              const { tables } = await publicationOf(lake);
              const answer = await queryTables(lake, 'SELECT sum(late) FROM campus.late_work', tables);
              for await (const [first] of answer.batches()) return first;
            });
            tools.printJson({ late: Number(row?.[0]) });
          }, flags),
        ),
    },
  ],
  stack: { load: async () => (await import('./infrastructure.ts')).lateWorkStack },
  async summary({ platform: { ledger } }, run) {
    const rows = await ledger.rows('late_work', run);
    return { lines: rows.map(({ courses }) => `Late work was counted in ${courses} courses.`) };
  },
};
