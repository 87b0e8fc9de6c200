import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cause, pick, type Trouble } from './trouble.ts';

const HEADER =
  '-- description: a model with a fault\n-- grain: id\n-- owner: Data team\n-- column id (none): a number\n';

/** @param selects one of them, by the seed */
const model = (name: string, rule: string, selects: readonly string[]): Trouble => ({
  name: `a model ${name}`,
  truth: cause(rule, 'campus.zz_trouble'),
  async strike({ campus }, seed) {
    const file = join(campus.folder, 'models', 'zz_trouble.sql');
    await writeFile(file, `${HEADER}${pick(selects, seed)}`);
    return () => rm(file);
  },
});

const unknownColumn = model('with a column that there is not', 'model-failed', [
  'SELECT no_such_column AS id FROM canvas.users',
  'SELECT u.id FROM canvas.users u JOIN canvas.courses c ON c.nothing = u.id',
  'SELECT max(nothing) AS id FROM campus.students',
]);

export const OF_MODELS: readonly Trouble[] = [
  model('with an unknown function', 'model-failed', [
    'SELECT no_such_function(id) AS id FROM canvas.users',
    'SELECT id FROM canvas.courses WHERE fold(name) = 1',
  ]),
  unknownColumn,
  model('that meets a value it cannot process', 'value-unprocessable', [
    'SELECT CAST(name AS bigint) AS id FROM canvas.courses',
    'SELECT CAST(name AS date) AS id FROM canvas.courses',
    'SELECT id / (id - id) AS id FROM canvas.courses',
  ]),
  model('with rows that share a key', 'rows-doubled', [
    'SELECT 1 AS id FROM canvas.users',
    'SELECT user_id AS id FROM canvas.enrollments',
  ]),
  {
    ...unknownColumn,
    name: 'a bad model, and in the same night a login that is refused',
    truth: [...unknownColumn.truth, ...cause('lms-login-refused', 'canvas')],
    async strike(bench, seed) {
      const back = (await unknownColumn.strike!(bench, seed)) as () => Promise<unknown>;
      const { faults, forgetJobs } = bench.campus.simulated.canvas!;
      faults.add({ what: 'login-refused', when: { times: null } });
      return async () => {
        faults.clear();
        forgetJobs();
        await back();
      };
    },
  },
];
