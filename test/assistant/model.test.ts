import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/assistant/answer.ts';
import { Budget } from '../../src/assistant/model/budget.ts';
import { faultOf } from '../../src/assistant/model/check-claim.ts';
import { contextOf } from '../../src/assistant/model/context.ts';
import { masked } from '../../src/assistant/model/masked.ts';
import { reread } from '../../src/assistant/model/reread.ts';
import { tell } from '../../src/assistant/model/tell.ts';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import type { LanguageModel } from '../../src/ports/language-model.ts';
import { answerOf, planted, vocabularyOf } from './corpus/grade.ts';
import { INJECTIONS } from './injections.ts';

const QUESTION = 'why is it late?';
const NIGHTS = planted(1);
const night = (name: string) => NIGHTS.find((one) => one.name === name)!;
const NAMES = [...vocabularyOf(night('diagnosedSource').draft).tables, 'canvas', 'sis', 'sis.hr_employees'];

/** A model that gives what a function makes of what it reads. */
function modelOf(reply: (read: string) => unknown): LanguageModel & { readonly calls: () => number } {
  let calls = 0;
  const answer = async (read: string) => {
    calls++;
    return { value: reply(read), tokensIn: 700, tokensOut: 60 };
  };
  return { name: 'stub', calls: () => calls, extract: answer, complete: (_, context) => answer(context) };
}
const budget = (tokens = 8_000) => new Budget(tokens, 5);
const told = (answer: Answer, reply: (read: string) => unknown) =>
  tell(modelOf(reply), budget(), QUESTION, answer, NAMES);

/** Says again what the first cause says. */
const faithful = (read: string) => {
  const { causes } = JSON.parse(read) as { causes: { text: string; evidence: string[] }[] };
  return { claims: [{ text: causes[0]!.text, evidence: causes[0]!.evidence.slice(0, 1) }], order: [1] };
};

describe('What a model says', () => {
  it('is shown with the rows that it cites; the headline stays that of the rules', async () => {
    for (const one of NIGHTS) {
      const byRules = answerOf(one);
      const { answer, rejected } = await told(byRules, faithful);
      expect([one.name, rejected, answer.by.kind]).toEqual([one.name, 0, 'model']);
      const ids = byRules.evidence.map(({ id }) => id);
      if (answer.by.kind === 'model')
        for (const { evidence } of answer.by.claims)
          expect(ids).toEqual(expect.arrayContaining([...evidence]));
      expect(answer.headline).toBe(byRules.headline);
    }
  });

  it('is left out claim by claim, which is said', async () => {
    const byRules = answerOf(night('diagnosedSource'));
    const { answer, rejected } = await told(byRules, (read) => {
      const { claims, order } = faithful(read);
      return { claims: [...claims, { text: 'The source lost 7 rows.', evidence: ['E1'] }], order };
    });
    expect(rejected).toBe(1);
    expect(answer.by).toMatchObject({ kind: 'model', claims: [{ text: byRules.causes[0]!.text }] });
    expect(answer.remarks.at(-1)).toMatch(/^1 claim of the model is left out: a number/);
  });

  it.each([
    ['is no object', 'I think it is the network.'],
    ['has another schema', { claims: 'none' }],
    ['is in no row', { claims: [{ text: 'It took 22.24 seconds.', evidence: ['E1'] }], order: [] }],
  ])('and %s leaves the answer of the rules, which says so', async (_, value) => {
    const byRules = answerOf(night('diagnosedSource'));
    const { answer } = await told(byRules, () => value);
    expect(answer).toMatchObject({
      causes: byRules.causes,
      headline: byRules.headline,
      by: { kind: 'rules' },
    });
    expect(answer.by.kind === 'rules' && answer.by.fellBack?.text).toContain('the answer of the rules alone');
  });

  it('where it obeys instructions in data is not shown, whichever row it cites', async () => {
    for (const [text, obeyed] of INJECTIONS) {
      const byRules = answerOf(night('diagnosedSource'));
      const [first, ...others] = byRules.causes;
      const row = { id: 'ops.signals/x', at: first!.time, text: `The column ${text} is gone.` };
      const poisoned: Answer = {
        ...byRules,
        causes: [{ ...first!, evidence: [...first!.evidence, row] }, ...others],
        evidence: [row, ...byRules.evidence],
      };
      for (const [cites, order] of [
        [['E1'], [99]],
        [['E2'], [-1]],
        [['E1', 'E2'], []],
      ] as const) {
        const { answer } = await told(poisoned, (read) => {
          expect(read).toContain(JSON.stringify(text.replace('ana@example.edu', '[address]')).slice(1, -1));
          const cited = text.includes('E999') ? ['E999'] : text.includes('without') ? [] : [...cites];
          return { claims: [{ text: obeyed, evidence: cited }], order };
        });
        expect([text, cites, answer.by.kind]).toEqual([text, cites, 'rules']);
        expect(answer.causes).toEqual(poisoned.causes);
      }
    }
    expect(INJECTIONS.length).toBe(30);
  });
});

describe('A claim', () => {
  const said = new Map([
    [
      'E1',
      {
        own: 'canvas.users came with 4812 rows; 1200 are usual. volume-unusual canvas.users',
        row: '2026-11-22T08:31:00Z \n canvas.users: 4812 rows, snapshot',
      },
    ],
    ['E2', { own: 'build-model grades ran for 22.2 ms.', row: 'build-model grades: 22.2 ms' }],
  ]);
  const fault = (text: string, evidence = ['E1']) =>
    faultOf(text, evidence, { said, names: ['canvas.users', 'canvas.scores', 'sis', 'student_id'] });

  it.each([
    ['canvas.users came with 4,812 rows, and 1200 rows are usual.', 'unit'],
    ['canvas.users came with 4,812 rows; usual are 1200.', undefined],
    ['The snapshot of canvas.users at 2026-11-22T08:31:00Z came with 4812 rows.', undefined],
    ['canvas.users came with 4813 rows.', 'number'],
    ['canvas.users came with 4812 bytes.', 'unit'],
    ['canvas.users came with four rows.', 'number'],
    ['canvas.scores came with 4812 rows.', 'name'],
    ['The sis came with 4812 rows.', 'name'],
    ['canvas.users came with 4812 rows, which Oracle sent.', 'name'],
    ['canvas.users came with 4812 rows at 09:00.', 'number'],
    ['canvas.users came with 4812 rows and this is fine.', 'denies'],
    ['The registrar deleted canvas.users by mistake yesterday evening.', 'unsupported'],
    ['', 'form'],
  ])('%s: %s', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('holds no unit that its row does not have', () => {
    expect(fault('build-model grades took 22.2 seconds.', ['E2'])).toBe('unit');
    expect(fault('build-model grades: 22.2 ms.', ['E2'])).toBeUndefined();
    expect(fault('build-model grades: 22.2 ms.', ['E1'])).toBe('number');
    expect(fault('build-model grades: 22.2 ms.', [])).toBe('no-evidence');
    expect(fault('build-model grades: 22.2 ms.', ['E3'])).toBe('unknown-evidence');
  });
});

describe('What a model is given', () => {
  it('has no address and no number of a person', () => {
    expect(masked('ana@example.edu, F1000001, 123-45-6789, 10003456')).toBe(
      '[address], [number], [number], [number]',
    );
    expect(masked('20000000 rows of run 20261130T083000Z-4f1c')).toBe(
      '20000000 rows of run 20261130T083000Z-4f1c',
    );
    const byRules = answerOf(night('emptyFeed'));
    expect(contextOf('why does ana@example.edu see it?', byRules).text).not.toContain('ana@');
  });
});

describe('The budget of a question', () => {
  it('stops before more is read than allowed, and at the same call twice', async () => {
    let calls = 0;
    const call = async () => {
      calls++;
      return { value: {}, tokensIn: 300, tokensOut: 50 };
    };
    const one = budget(1_000);
    await one.call('a question', 200, call);
    await expect(one.call('a question', 200, call)).rejects.toMatchObject({ code: 'model-budget' });
    await expect(one.call('x'.repeat(3_000), 200, call)).rejects.toMatchObject({ code: 'model-budget' });
    expect([calls, one.used]).toEqual([1, { calls: 1, tokensIn: 300, tokensOut: 50 }]);
  });

  it('that is too small leaves the answer of the rules', async () => {
    const model = modelOf(faithful);
    const { answer } = await tell(model, budget(500), QUESTION, answerOf(night('diagnosedSource')), NAMES);
    expect(answer.by).toMatchObject({ kind: 'rules', fellBack: { code: 'model-budget' } });
    expect(model.calls()).toBe(0);
  });
});

describe('A question that grammar does not read', () => {
  it('is read by a model, of which only names that there are and intents of the list are taken', async () => {
    const model = modelOf(() => ({
      intent: 'cause',
      names: ['canvas.users', 'sis.secrets', 'canvas'],
    }));
    const vocabulary = vocabularyOf(night('lateFeed').draft);
    expect(await reread(model, budget(), 'pourquoi ce retard ?', vocabulary)).toEqual({
      intent: 'cause',
      tables: ['canvas.users'],
      sources: ['canvas'],
    });
  });
});

describe('campus.yaml', () => {
  const model = (of: object) => campusSchema.shape.assistant.safeParse({ model: of }).success;
  it('names a model by an address that nobody on the way can change', () => {
    expect(model({ kind: 'openai', url: 'http://127.0.0.1:11434/v1', model: 'm' })).toBe(true);
    expect(model({ kind: 'openai', url: 'http://models.example/v1', model: 'm' })).toBe(false);
    expect(model({ kind: 'bedrock', model: 'm', region: 'nowhere' })).toBe(false);
  });
});
