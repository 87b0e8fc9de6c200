import { DAY, HOUR } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Enrolment } from '../model/enrolments.ts';
import type { Submission } from '../model/submissions.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { globalId, ROOT_ACCOUNT } from './ids.ts';

interface Conversation {
  readonly n: number;
  readonly enrolment: Enrolment;
  readonly at: number;
}

/** Letters from teachers to students about the course, some of them answered, and files handed in. */
export function mailTables(world: World): LivingTable[] {
  const conversations: Conversation[] = world.enrolments
    .filter(
      (enrolment) => hash(world.seed, 'mail', enrolment.n) % 6 === 0 && enrolment.term.code !== '2027SP',
    )
    .map((enrolment) => ({
      n: enrolment.n,
      enrolment,
      at: Math.max(
        enrolment.canvasAt,
        world.calendar.at(enrolment.term.firstDay + (hash(enrolment.n, 'mail') % 90), 660),
      ),
    }))
    .filter(({ enrolment, at }) => at < (enrolment.canvasLeftAt ?? Number.POSITIVE_INFINITY));
  const answered = (n: number) => hash(n, 'answered') % 3 === 0;
  const messages = conversations.flatMap((conversation) => [
    { ...conversation, id: conversation.n * 2, author: conversation.enrolment.section.teacher.n },
    ...(answered(conversation.n)
      ? [
          {
            ...conversation,
            id: conversation.n * 2 + 1,
            author: conversation.enrolment.student.n,
            at: conversation.at + (1 + (hash(conversation.n, 'wait') % 60)) * HOUR,
          },
        ]
      : []),
  ]);
  const papers = () =>
    world.submissions.filter(
      ({ assignment, handedInAt }) => assignment.kind === 'paper' && handedInAt !== undefined,
    );
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'conversations',
      columns: {
        id: 'bigint',
        subject: 'text?',
        context_id: 'bigint?',
        context_type: 'text?',
        has_attachments: 'boolean',
        updated_at: 'timestamptz?',
      },
      things: conversations,
      moments: ({ at }) => [at],
      row: ({ n, enrolment }, at) => ({
        id: globalId(n),
        subject: `About ${enrolment.section.course.title}`,
        context_id: globalId(enrolment.section.shell.n),
        context_type: 'Course',
        has_attachments: false,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'conversation_messages',
      columns: {
        id: 'bigint',
        conversation_id: 'bigint?',
        author_id: 'bigint?',
        body: 'text?',
        generated: 'boolean?',
        has_attachments: 'boolean?',
        created_at: 'timestamptz?',
      },
      things: messages,
      moments: ({ at }) => [at],
      row: ({ id, n, author }, at) => ({
        id: globalId(id),
        conversation_id: globalId(n),
        author_id: globalId(author),
        body:
          id % 2 === 0
            ? 'I have not seen you this week. Is everything all right?'
            : 'Sorry — I was ill. I’ll catch up.',
        generated: false,
        has_attachments: false,
        created_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'attachments',
      columns: {
        id: 'bigint',
        context_id: 'bigint?',
        context_type: 'text?',
        user_id: 'bigint?',
        display_name: 'text?',
        content_type: 'text?',
        size: 'bigint?',
        file_state: 'text?',
        workflow_state: 'text?',
        namespace: 'text?',
        created_at: 'timestamptz?',
        updated_at: 'timestamptz?',
        deleted_at: 'timestamptz?',
      },
      things: papers,
      moments: (paper) => [paper.handedInAt, erasedAt(paper)],
      // Now and then a file is erased for good.
      row: (paper, at) =>
        at >= (erasedAt(paper) ?? Number.POSITIVE_INFINITY)
          ? undefined
          : {
              id: globalId(paper.n),
              context_id: globalId(paper.enrolment.student.n),
              context_type: 'User',
              user_id: globalId(paper.enrolment.student.n),
              display_name: `${paper.assignment.title} – final (${hash(paper.n, 'version') % 4}).docx`,
              content_type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
              size: BigInt(20_000 + (hash(paper.n, 'size') % 4_000_000)),
              file_state: 'available',
              workflow_state: 'processed',
              namespace: `account_${ROOT_ACCOUNT}`,
              created_at: at,
              updated_at: at,
              deleted_at: null,
            },
    }),
  ];
}

function erasedAt({ n, handedInAt }: Submission): number | undefined {
  return hash(n, 'file') % 97 === 0 ? handedInAt! + 20 * DAY : undefined;
}
