import type { PairAudit } from '../audit/audit.ts';
import { type BroughtModel, lowering } from '../brought/brought-model.ts';
import type { Capacity } from '../figures.ts';
import type { Study } from '../study.ts';

/** What has to be said wherever the list or its figures are shown. */
export const SUPPORT =
  'It supports an adviser; it decides nothing, and is no part of a grade. A person reads the reasons and the facts first.';

export const PURPOSE =
  'To show advisers, week by week, which students in which courses may need help now, and why, so that somebody calls them.';

export const INTENDED =
  'A list for advisers, as long as they can call, read with the reasons and the facts behind them. Students may ask to see their own row, dispute its facts (`lake early-warning correct`: no risk until they are corrected in Canvas or at the registrar) and opt out (`lake early-warning opt-out`: no row). Scores hold for their week and expire with it. Not for grading, admission, aid, discipline or any decision about a person; not for comparing teachers or courses.';

export const FACTORS =
  'What Canvas and the registrar know, and no more: work done elsewhere, life events and reasons for silence are not in it. Courses that are new to the model rank less well, and their probabilities can be far off. Due dates, excuses and points have no history and count as they stand. Probabilities drift from term to term. Canvas keeps no earlier values of a mark: what was marked again after a week is not known in it, so the past shows fewer marks than the present.';

export const RISK =
  'High: it is about people and their education (evaluating learning outcomes, also to steer learning, is listed in Annex III of the EU AI Act). It is held to supporting a person who decides.';

/** @param brought the model from elsewhere; absent: it was learned here */
export const ethics = (brought: BroughtModel | undefined): string =>
  `No gender, race, age, disability, deprivation or aid data are inputs; where the lake holds them they serve to audit who is missed, at one list for all, and small groups are hidden. ${weightsInWords(brought)} With unequal base rates, equal misses and equal calibration cannot both be had: look at the table. Associations only: a reason goes with the outcome and does not cause it.`;

function weightsInWords(brought: BroughtModel | undefined): string {
  if (!brought) return 'Weights are held at or above zero, so no reason can say that missing work helps.';
  const names = lowering(brought);
  if (names.length === 0)
    return 'No coefficient is below zero, so no reason can say that missing work helps.';
  return `By its coefficients more of ${names.join(', ')} lowers the risk; reasons name only what raises it, and facts that speak against a student.`;
}

export const CAVEATS =
  'Once advisers act on the list, outcomes change: record contacts (`lake early-warning contact`), do not judge the effect by before and after, and train it again each term. Withdraw it (`lake early-warning withdraw`) when the AUC of a new term falls by more than 0.05, predictions run more than 0.10 off, or one group is missed by more than 0.10 more than another. A good ranking has not been shown to help students by itself: what helps is the call.';

/** How the figures came about, in one sentence. */
export function howJudged({ split, terms, brought }: Pick<Study, 'split' | 'terms' | 'brought'>): string {
  if (brought) {
    const term = split.kind === 'later term' ? split.test.code : split.term.code;
    return `${brought.name}, brought from elsewhere (${brought.source}); evaluated on ${term}, with the outcomes of that term, which it has not learned from here.`;
  }
  if (split.kind === 'later term') {
    const train = split.train.map(({ code }) => code).join(', ');
    const overlapping = terms
      .filter((term) => term.firstDay < split.test.firstDay && !split.train.includes(term))
      .map(({ code }) => code);
    const left =
      overlapping.length === 0
        ? ''
        : ` ${overlapping.join(', ')} began before it and ended after it had begun, so nothing was learned from that.`;
    return `Trained on ${train}; evaluated on ${split.test.code}, of which the training saw nothing: as it would have been used that term.${left}`;
  }
  return `There is one past term only, ${split.term.code}: each tenth of its students was evaluated by a model of the other nine tenths. That flatters, for these are the same courses in the same year; a second term gives an honest figure.`;
}

export const inWords = (capacity: Capacity): string => {
  if ('count' in capacity) return `${capacity.count} students in courses`;
  if ('perAdviser' in capacity) return `${capacity.perAdviser} students in courses by each adviser of today`;
  return `${Math.round(capacity.share * 100)} % of the students`;
};

/** What of the intersections is not shown, and why. */
export function pairsInWords(pairs: readonly PairAudit[]): string {
  if (pairs.length === 0) return 'There is one attribute only, so there are no intersections.';
  const named = (wanted: readonly PairAudit[]) =>
    wanted.map(({ attributes, hidden }) => ({ name: attributes.join(' × '), hidden }));
  const withheld = named(pairs.filter((pair) => pair.withheld));
  const partly = named(pairs.filter((pair) => !pair.withheld && pair.hidden > 0));
  return [
    'A combination with fewer than ten people of one outcome is hidden, and others next to it until its numbers cannot be computed from what is shown, here or of each attribute alone.',
    ...(partly.length > 0
      ? [
          `Not shown (too small, next to such, or empty): ${partly.map(({ name, hidden }) => `${hidden} of ${name}`).join(', ')}.`,
        ]
      : []),
    ...(withheld.length > 0
      ? [
          `Withheld whole, because small numbers would follow from the rest: ${withheld.map(({ name }) => name).join(', ')}.`,
        ]
      : []),
  ].join(' ');
}
