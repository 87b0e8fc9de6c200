import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STORED_MODEL } from '../../src/early-warning/documents.ts';
import { COLUMNS } from '../../src/early-warning/measures.ts';
import { distributionOf, shiftOf } from '../../src/early-warning/metrics/distribution.ts';
import {
  keepModel,
  listKept,
  readKeptModel,
  readModel,
  withdrawModel,
  writeModel,
} from '../../src/early-warning/model-store.ts';
import { overlap } from '../../src/early-warning/registry/compare.ts';
import { comparisonCard } from '../../src/early-warning/registry/comparison-card.ts';
import { keepDecisions } from '../../src/early-warning/registry/decision-rows.ts';
import { settledTerms, shiftsOf, unseenTerms, verdictOf } from '../../src/early-warning/registry/monitor.ts';
import {
  modelBefore,
  propose,
  putInUse,
  readRegistry,
  rollBack,
} from '../../src/early-warning/registry/registry.ts';
import { modelSignals } from '../../src/early-warning/registry/signals.ts';
import { MODEL_DECISIONS, MODEL_MONITOR } from '../../src/early-warning/registry/tables.ts';
import { spreadOf } from '../../src/early-warning/week-model.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import { encodeDocument } from '../../src/state/document.ts';
import { lakeOf } from '../lake-of.ts';
import { randomOf } from './problems.ts';
import { storedModel } from './stored-model.ts';

const CARD = { markdown: '', sagemaker: {} };
const modelOf = (id: string) => ({ ...storedModel(8), id });

let root: string;
let objects: ObjectStore;
let second = 0;
const deciding = (because = 'it is better') => ({
  at: new Date(Date.UTC(2026, 11, 1, 8, 0, ++second)).toISOString(),
  by: 'J. Itō "the dean"',
  because,
});
const isKept = async (id: string) => (await listKept(objects)).includes(id);
const inUse = async () => (await readModel(objects))?.id;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'registry-'));
  objects = openLocalObjects(root);
  second = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('The registry of models', () => {
  it('has none in use in a new lake, and nothing to roll back from', async () => {
    expect(await readModel(objects)).toBeUndefined();
    expect(await readRegistry(objects)).toEqual({ decisions: [] });
    await expect(rollBack(objects, isKept, deciding())).rejects.toThrow('No model is in use');
    await expect(readKeptModel(objects, 'a"ü')).rejects.toThrow('No model "a"ü" is kept');
    expect(await withdrawModel(objects)).toBe(false);
  });

  it('promotes with a name and a reason, and rolls back as often as there were models before', async () => {
    for (const id of ['a', 'b', 'c']) await keepModel(objects, modelOf(id), CARD);
    await putInUse(objects, 'a', 'put to use', deciding());
    await putInUse(objects, 'b', 'promote', deciding());
    await putInUse(objects, 'c', 'promote', deciding());
    expect(await putInUse(objects, 'c', 'promote', deciding())).toBe(false);

    expect(await rollBack(objects, isKept, deciding())).toEqual({ model: 'b', before: 'c' });
    expect(await rollBack(objects, isKept, deciding())).toEqual({ model: 'a', before: 'b' });
    await expect(rollBack(objects, isKept, deciding())).rejects.toThrow('No model was in use before a');
    expect(await inUse()).toBe('a');
    const { decisions } = await readRegistry(objects);
    expect(decisions.map(({ action, model, before, by }) => [action, model, before, by])).toEqual([
      ['put to use', 'a', undefined, 'J. Itō "the dean"'],
      ['promote', 'b', 'a', 'J. Itō "the dean"'],
      ['promote', 'c', 'b', 'J. Itō "the dean"'],
      ['roll back', 'b', 'c', 'J. Itō "the dean"'],
      ['roll back', 'a', 'b', 'J. Itō "the dean"'],
    ]);
    await putInUse(objects, 'c', 'promote', deciding());
    expect(modelBefore(await readRegistry(objects))).toBe('a');
  });

  it('scores nobody by a promoted model whose files are gone, and goes back to the one before', async () => {
    await writeModel(objects, modelOf('a'), CARD);
    await writeModel(objects, modelOf('b'), CARD);
    await objects.delete(['early-warning/b/model.json']);

    await expect(readModel(objects)).rejects.toMatchObject({
      message: expect.stringContaining('b, is no longer kept'),
      hint: expect.stringContaining('lake models roll-back'),
    });
    await rollBack(objects, isKept, deciding());
    expect(await inUse()).toBe('a');

    await writeModel(objects, modelOf('c'), CARD);
    await objects.delete(['early-warning/a/model.json']);
    await expect(rollBack(objects, isKept, deciding())).rejects.toThrow(
      'a, which was in use before, is no longer kept',
    );
    expect(await inUse()).toBe('c');
  });

  it('never brings a withdrawn model back by a roll-back', async () => {
    await writeModel(objects, modelOf('a'), CARD);
    expect(await withdrawModel(objects, deciding())).toBe(true);
    expect(await withdrawModel(objects, deciding())).toBe(false);
    expect(await readModel(objects)).toBeUndefined();
    await writeModel(objects, modelOf('b'), CARD);
    await expect(rollBack(objects, isKept, deciding())).rejects.toThrow('No model was in use before b');
  });

  it('keeps a challenger that nobody is scored by, until it is promoted', async () => {
    await writeModel(objects, modelOf('a'), CARD);
    await keepModel(objects, modelOf('b'), CARD);
    expect(await propose(objects, 'b', deciding())).toBe(true);
    expect(await propose(objects, 'b', deciding())).toBe(false);
    await expect(propose(objects, 'a', deciding())).rejects.toThrow('cannot be scored beside itself');
    expect(await inUse()).toBe('a');
    await putInUse(objects, 'b', 'promote', deciding());
    expect(await readRegistry(objects)).toMatchObject({ champion: 'b' });
    expect((await readRegistry(objects)).challenger).toBeUndefined();
  });

  it('knows the model that an older program put to use, and takes its place over with the first decision', async () => {
    const old = JSON.stringify(encodeDocument(STORED_MODEL, modelOf('old')));
    await objects.putText('early-warning/model.json', old);
    await objects.putText('early-warning/old/model.json', old);
    expect(await inUse()).toBe('old');
    await writeModel(objects, modelOf('new'), CARD);
    expect(await objects.head('early-warning/model.json')).toBeUndefined();
    await rollBack(objects, isKept, deciding());
    expect(await inUse()).toBe('old');
  });

  it('is whole after a kill at any write: the model before, or the one after with its decision', async () => {
    await writeModel(objects, modelOf('a'), CARD);
    for (let survived = 0; ; survived++) {
      let left = survived;
      const dying = new Proxy(objects, {
        get: (of, name: keyof ObjectStore) => {
          const method = of[name] as (...given: unknown[]) => unknown;
          if (name !== 'putText' && name !== 'delete') return method.bind(of);
          return (...given: unknown[]) => {
            if (left-- <= 0) throw new Error('killed');
            return method.apply(of, given);
          };
        },
      });
      const done = await writeModel(dying, modelOf(`b${survived}`), CARD).then(
        () => true,
        () => false,
      );
      const { champion, decisions } = await readRegistry(objects);
      expect(decisions.at(-1)!.model).toBe(champion);
      expect(await inUse()).toBe(champion);
      if (done) {
        expect(champion).toBe(`b${survived}`);
        break;
      }
    }
    expect.hasAssertions();
  });

  it('tells SQL each decision once, also those that a kill left out', async () => {
    const ledger = openLocalLedger(join(root, 'ledger'), { added: [MODEL_DECISIONS] });
    await writeModel(objects, modelOf('a'), CARD);
    const lake = lakeOf({ platform: { ledger, objects } });
    await keepDecisions(lake);
    await keepModel(objects, modelOf('b'), CARD);
    await putInUse(objects, 'b', 'promote', deciding('a"; DROP'));
    await keepDecisions(lake);
    await keepDecisions(lake);
    const rows = await ledger.rows(MODEL_DECISIONS.name);
    expect(rows.map(({ model, action, before, reason }) => [model, action, before, reason])).toEqual([
      ['a', 'put to use', null, 'trained on SP'],
      ['b', 'promote', 'a', 'a"; DROP'],
    ]);
  });
});

describe('A shift of a distribution', () => {
  const draw = (count: number, random: () => number, by = 0) =>
    Array.from({ length: count }, () => random() + by);

  it('is expected to be (bins − 1)(1/n + 1/m) where nothing has moved', () => {
    const random = randomOf(7);
    const shifts = Array.from(
      { length: 300 },
      () => shiftOf(distributionOf(draw(500, random))!, draw(200, random))!,
    );
    const mean = shifts.reduce((sum, { psi }) => sum + psi, 0) / shifts.length;
    expect(shifts[0]!.psiExpected).toBeCloseTo(9 * (1 / 500 + 1 / 200), 12);
    expect(mean / shifts[0]!.psiExpected).toBeGreaterThan(0.85);
    expect(mean / shifts[0]!.psiExpected).toBeLessThan(1.15);
    expect(shifts.filter((one) => verdictOf(one) === 'moved')).toHaveLength(0);
    // Of samples of one distribution, one in twenty is this far off.
    const rare = shifts.filter(({ ksProbability }) => ksProbability < 0.05).length / shifts.length;
    expect(rare).toBeLessThan(0.08);
  });

  it('of values that moved by half their range is seen', () => {
    const random = randomOf(8);
    const shift = shiftOf(distributionOf(draw(500, random))!, draw(200, random, 0.5))!;
    expect(verdictOf(shift)).toBe('moved');
    expect(shift.ks).toBeGreaterThan(0.4);
    expect(shift.ksProbability).toBeLessThan(1e-6);
  });

  it('is there for values that all tie, and seen once they differ', () => {
    const same = distributionOf(Array.from({ length: 100 }, () => 0))!;
    expect(
      verdictOf(
        shiftOf(
          same,
          Array.from({ length: 50 }, () => 0),
        )!,
      ),
    ).toBe('stable');
    expect(
      verdictOf(
        shiftOf(
          same,
          Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 1 : 0)),
        )!,
      ),
    ).toBe('moved');
    expect(
      verdictOf(
        shiftOf(
          same,
          Array.from({ length: 50 }, () => -1),
        )!,
      ),
    ).toBe('moved');
  });

  it('is never less than zero, and finite, for any values', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, values, (before, now) => {
        const shift = shiftOf(distributionOf(before)!, now)!;
        expect(Number.isFinite(shift.psi) && shift.psi >= 0).toBe(true);
        expect(shift.ks).toBeGreaterThanOrEqual(0);
        expect(shift.ks).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of nothing, or of what is no number, is not known', () => {
    expect(distributionOf([])).toBeUndefined();
    expect(distributionOf([1, Number.NaN])).toBeUndefined();
    expect(shiftOf(distributionOf([1])!, [])).toBeUndefined();
  });
});

describe('The monitor of models', () => {
  const random = randomOf(3);
  const past = Array.from({ length: 400 }, () => ({
    user: 'u',
    course: 'C1',
    unsuccessful: false,
    measures: COLUMNS.map(() => random()),
  }));
  const model = () => {
    const stored = storedModel(8);
    const [week] = stored.weeks;
    return { ...stored, weeks: [{ ...week!, spread: spreadOf(week!, past) }] };
  };
  const monitored = () => ({ model: model(), role: 'champion' as const });
  const casesOf = (count: number, by = 0) =>
    Array.from({ length: count }, () => ({ course: 'C1', measures: COLUMNS.map(() => random() + by) }));

  it('compares each measure and the risks with the same week only, and says nothing of three students', () => {
    expect(shiftsOf(monitored(), { term: 'T', week: 8, cases: casesOf(3) })).toEqual([]);
    expect(shiftsOf(monitored(), { term: 'T', week: 9, cases: casesOf(100) })).toEqual([]);
    expect(
      shiftsOf({ model: storedModel(8), role: 'champion' }, { term: 'T', week: 8, cases: casesOf(100) }),
    ).toEqual([]);
    const rows = shiftsOf(monitored(), { term: 'T', week: 8, cases: casesOf(200) });
    expect(rows.map(({ about }) => about)).toEqual([...COLUMNS, 'risk']);
    expect(new Set(rows.map(({ verdict }) => verdict))).not.toContain('moved');
  });

  it('raises a signal for what moved, once for a term, and none for a challenger', async () => {
    const ledger = openLocalLedger(join(root, 'ledger'), { added: [MODEL_MONITOR] });
    const lake = lakeOf({ platform: { ledger } }) as never;
    const rows = [
      ...shiftsOf(monitored(), { term: 'T', week: 8, cases: casesOf(200, 1) }),
      ...shiftsOf({ ...monitored(), role: 'challenger' }, { term: 'U', week: 8, cases: casesOf(200, 1) }),
    ].map((row, i) => ({ id: `r1/${i}`, run: 'r1', ...row }));
    await ledger.append(MODEL_MONITOR.name, rows);
    expect(await modelSignals(lake, 'r0')).toEqual([]);
    const signals = await modelSignals(lake, 'r1');
    expect(signals.map(({ code, about }) => [code, about])).toEqual([['model-score-drift', 'm/T']]);
  });

  it('has a card of two models of which nothing is known but who answers for them', () => {
    const side = (id: string, contact: string) => ({ model: { ...modelOf(id), contact } });
    const card = comparisonCard({
      at: '2026-12-01T08:00:00.000Z',
      champion: side('a', 'Itō | Dean'),
      challenger: side('b', 'two\nlines'),
      running: [],
      labelled: [],
    });
    expect(card).toContain('| who answers | Itō \\| Dean | two lines |');
    expect(card).toContain('nothing here says which of the two is better');
    expect(card).toContain('Neither has a record of them.');
  });

  it('takes as unseen the terms after the newest that a model learned from', () => {
    const term = (code: string, firstDay: string) => ({ code, firstDay });
    const terms = [term('A', '2024-01-10'), term('B', '2025-01-10'), term('C', '2026-01-10')];
    expect(settledTerms([{ lastDay: '2026-05-14' }], '2026-05-27T23:00:00Z')).toEqual([]);
    expect(settledTerms([{ lastDay: '2026-05-14' }], '2026-05-28T00:00:00Z')).toHaveLength(1);
    expect(unseenTerms({ terms: ['B'] }, terms)).toEqual([terms[2]]);
    expect(unseenTerms({ terms: [] }, terms)).toEqual(terms);
  });
});

it('Two lists overlap by places, and ties at the end of a list count by the share of places left', () => {
  expect(overlap([4, 3, 2, 1], [4, 3, 2, 1], 2)).toBe(1);
  expect(overlap([4, 3, 2, 1], [1, 2, 3, 4], 2)).toBe(0);
  expect(overlap([1, 1, 1, 1], [1, 1, 1, 1], 2)).toBe(1);
  expect(overlap([1], [0], 1)).toBe(1);
});
