import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Submission } from '../model/submissions.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { globalId } from './ids.ts';

const REPLY = 20_000_000;
const WORDS = [
  'I agree with the author.',
  'My experience was different — ¿y la tuya?',
  'Can someone explain part 2?',
  'Great point! 👍',
  '"Quoted",\twith a tab\nand a line.',
];

interface Entry {
  readonly n: number;
  readonly submission: Submission;
  readonly parent: number | undefined;
  readonly user: number;
  readonly at: number;
}

/** Discussions: a topic for every discussion assignment, an entry for every hand-in, a reply to some of them. */
export function talkTables(world: World): LivingTable[] {
  const topics = world.assignments.filter(({ kind }) => kind === 'discussion');
  const entries = () => entriesOf(world);
  const erased = (entry: Entry) => (hash(entry.n, 'erase') % 211 === 0 ? entry.at + 9 * DAY : undefined);
  const removed = (entry: Entry) => (hash(entry.n, 'remove') % 37 === 0 ? entry.at + 2 * HOUR : undefined);
  const edited = (entry: Entry) => (hash(entry.n, 'edit') % 9 === 0 ? entry.at + 25 * MINUTE : undefined);
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'discussion_topics',
      columns: {
        id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        assignment_id: 'bigint?',
        user_id: 'bigint?',
        title: 'text?',
        message: 'text?',
        type: 'text?',
        discussion_type: 'text?',
        workflow_state: 'text',
        posted_at: 'timestamptz?',
        last_reply_at: 'timestamptz?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
        deleted_at: 'timestamptz?',
      },
      things: topics,
      moments: (topic) => [topic.shell.madeAt, topic.publishedAt],
      row: (topic, at) => ({
        id: globalId(topic.n),
        context_id: globalId(topic.shell.n),
        context_type: 'Course',
        assignment_id: globalId(topic.n),
        user_id: globalId(topic.shell.teacher.n),
        title: topic.title,
        message: `<p>What do you think of ${topic.title.toLowerCase()}?</p>`,
        type: null,
        discussion_type: 'threaded',
        workflow_state: at >= topic.publishedAt ? 'active' : 'unpublished',
        posted_at: at >= topic.publishedAt ? topic.publishedAt : null,
        last_reply_at: null,
        created_at: topic.shell.madeAt,
        updated_at: at,
        deleted_at: null,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'discussion_entries',
      columns: {
        id: 'bigint',
        discussion_topic_id: 'bigint',
        user_id: 'bigint?',
        parent_id: 'bigint?',
        root_entry_id: 'bigint?',
        depth: 'integer?',
        editor_id: 'bigint?',
        workflow_state: 'text',
        message: 'text?',
        rating_count: 'integer?',
        rating_sum: 'integer?',
        attachment_id: 'bigint?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
        deleted_at: 'timestamptz?',
      },
      things: entries,
      moments: (entry) => [entry.at, edited(entry), removed(entry), erased(entry)],
      row: (entry, at) => {
        if (at >= (erased(entry) ?? Number.POSITIVE_INFINITY)) return undefined;
        const gone = at >= (removed(entry) ?? Number.POSITIVE_INFINITY);
        const changed = at >= (edited(entry) ?? Number.POSITIVE_INFINITY);
        const text = WORDS[hash(entry.n, 'words') % WORDS.length]!;
        return {
          id: globalId(entry.n),
          discussion_topic_id: globalId(entry.submission.assignment.n),
          user_id: globalId(entry.user),
          parent_id: entry.parent === undefined ? null : globalId(entry.parent),
          root_entry_id: entry.parent === undefined ? null : globalId(entry.parent),
          depth: entry.parent === undefined ? 1 : 2,
          editor_id: changed ? globalId(entry.user) : null,
          workflow_state: gone ? 'deleted' : 'active',
          message: gone ? null : `<p>${text}${changed ? ' (edited)' : ''}</p>`,
          rating_count: null,
          rating_sum: null,
          attachment_id: null,
          created_at: entry.at,
          updated_at: at,
          deleted_at: gone ? removed(entry)! : null,
        };
      },
    }),
  ];
}

function entriesOf(world: World): Entry[] {
  const hours = (entry: number) => (1 + (hash(entry, 'reply') % 40)) * HOUR;
  return world.submissions
    .filter(({ assignment, handedInAt }) => assignment.kind === 'discussion' && handedInAt !== undefined)
    .flatMap((submission) => {
      const { n, handedInAt, enrolment, assignment } = submission;
      const entry = { n, submission, parent: undefined, user: enrolment.student.n, at: handedInAt! };
      if (hash(n, 'answered') % 3 > 0) return [entry];
      return [
        entry,
        { n: REPLY + n, submission, parent: n, user: assignment.shell.teacher.n, at: handedInAt! + hours(n) },
      ];
    });
}
