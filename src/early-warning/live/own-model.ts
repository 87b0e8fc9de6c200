import { ModelAnswerError } from '../../inference/errors.ts';
import type { ScoringModel } from '../../inference/scoring-model.ts';
import { COLUMNS } from '../measures.ts';
import type { StoredModel } from '../model-store.ts';
import { modelFor, risk } from '../week-model.ts';

/** What every model is given of a row: the week of the term, the course's short name, and the measures. Nobody is named. */
export const MODEL_COLUMNS: readonly string[] = ['week', 'course', ...COLUMNS];

/** The model in use, in this process: nothing is called, and nothing can be down. */
export const ownModel = (model: Pick<StoredModel, 'id' | 'weeks'>): ScoringModel => ({
  id: model.id,
  score: async (_columns, rows) =>
    rows.map(([week, course, ...measures]) => {
      const own = modelFor(model.weeks, Number(week));
      if (!own) throw new ModelAnswerError(`${model.id} has no model of week ${week} or before.`);
      return risk(own, { course: String(course), measures: measures.map(Number) });
    }),
});
