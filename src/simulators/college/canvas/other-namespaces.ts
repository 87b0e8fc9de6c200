import { DAY } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { globalId } from './ids.ts';

const PRODUCTS = [
  'Evening Spanish',
  'Forklift Certificate',
  'CPR and First Aid',
  'Excel for Beginners',
  'Photography Walks',
];

/** A little of what Canvas keeps elsewhere: New Quizzes, and the catalogue of continuing education. */
export function otherNamespaces(world: World): LivingTable[] {
  const drafts = world.assignments.filter(({ n, kind }) => kind === 'quiz' && n % 3 === 0);
  const products = PRODUCTS.map((title, i) => ({ n: i + 1, title }));
  const orders = world.students.filter(({ n }) => hash(world.seed, 'order', n) % 20 === 0);
  return [
    lifeTable({
      namespace: 'new_quizzes',
      name: 'quizzes',
      columns: {
        id: 'bigint',
        title: 'text?',
        context_id: 'bigint?',
        points_possible: 'double precision?',
        workflow_state: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: drafts,
      moments: ({ shell, publishedAt }) => [shell.madeAt, publishedAt],
      row: (quiz, at) => ({
        id: globalId(quiz.n),
        title: `${quiz.title} (practice)`,
        context_id: globalId(quiz.shell.n),
        points_possible: quiz.points,
        workflow_state: at >= quiz.publishedAt ? 'published' : 'created',
        created_at: quiz.shell.madeAt,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'catalog',
      name: 'products',
      columns: {
        id: 'bigint',
        title: 'text',
        list_price: 'numeric(10,2)?',
        visibility: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: products,
      moments: ({ n }) => [world.opens, world.opens + n * 60 * DAY],
      row: ({ n, title }, at) => ({
        id: globalId(n),
        title,
        list_price: (n * 35 + (at > world.opens ? 5 : 0)).toFixed(2),
        visibility: n === 5 && at > world.opens ? 'unlisted' : 'listed',
        created_at: world.opens,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'catalog',
      name: 'orders',
      columns: {
        id: 'bigint',
        user_id: 'bigint',
        product_id: 'bigint',
        total: 'numeric(10,2)',
        status: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: orders,
      moments: ({ n, knownAt }) => [
        knownAt + (2 + (hash(n, 'order') % 200)) * DAY,
        n % 7 === 0 ? knownAt + 205 * DAY : undefined,
      ],
      row: ({ n, knownAt }, at) => ({
        id: globalId(n),
        user_id: globalId(n),
        product_id: globalId((n % PRODUCTS.length) + 1),
        total: (((n % PRODUCTS.length) + 1) * 35).toFixed(2),
        status: at >= knownAt + 205 * DAY ? 'refunded' : 'purchased',
        created_at: knownAt + (2 + (hash(n, 'order') % 200)) * DAY,
        updated_at: at,
      }),
    }),
  ];
}
