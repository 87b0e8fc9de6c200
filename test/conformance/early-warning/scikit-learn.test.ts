import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, compareWithJudge } from '../../early-warning/judged.ts';
import { problems } from '../../early-warning/problems.ts';
import { pythonVenv } from '../python-venv.ts';

const HERE = import.meta.dirname;
/** What the fast tests compare with. `RECORD=1` writes it again. */
const RECORDED = path.resolve(HERE, '../../early-warning/judge.json');

describe('Early warning beside scikit-learn', () => {
  let answers: Answer[];
  beforeAll(async () => {
    const programs = await pythonVenv('scikit-learn', path.join(HERE, 'requirements.txt'));
    answers = JSON.parse(await judge(programs)) as Answer[];
    if (process.env.RECORD) await writeFile(RECORDED, `${JSON.stringify(answers, null, 2)}\n`);
  });

  it.each(problems())('fits and scores as it does: $name', (problem) => {
    compareWithJudge(
      problem,
      answers.find(({ name }) => name === problem.name),
    );
  });

  it('says today what was recorded for the fast tests', async () => {
    const recorded = JSON.parse(await readFile(RECORDED, 'utf8')) as Answer[];
    expect(recorded.map(({ name }) => name)).toEqual(answers.map(({ name }) => name));
    for (const [i, { weights, auc }] of recorded.entries()) {
      expect(answers[i]!.auc).toBeCloseTo(auc, 10);
      weights.forEach((weight, j) => {
        expect(answers[i]!.weights[j]).toBeCloseTo(weight, 9);
      });
    }
  });
});

async function judge(programs: string): Promise<string> {
  const child = spawn(path.join(programs, 'python'), [path.join(HERE, 'judge.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(
    JSON.stringify(
      problems().map(({ name, cases }) => ({
        name,
        x: cases.map(({ measures }) => measures),
        y: cases.map(({ unsuccessful }) => (unsuccessful ? 1 : 0)),
      })),
    ),
  );
  const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the judge ended with ${code}`);
  return answer;
}
