import type { BroughtModel } from '../brought/brought-model.ts';
import { MEASURES } from '../measures.ts';
import type { StoredModel } from '../model-store.ts';
import type { Study } from '../study.ts';
import { table, three } from './table.ts';

/** What it is, since when, from where, and under which licence. */
export function aboutSection({ id, trainedAt, terms, weeks, campus, brought }: StoredModel): string[] {
  const day = trainedAt.slice(0, 10);
  if (brought) {
    return [
      `- Name: ${id}, which is ${brought.name}, brought ${brought.broughtAt.slice(0, 10)} as ${brought.format} (SHA-256 ${brought.sha256}), put to use ${day}.`,
      `- A logistic regression that was made elsewhere. Source: ${brought.source}.`,
      `- Its coefficients are as in the file, for weeks ${brought.weeks.map(({ week }) => week).join(', ')} and those after each. Values beyond the range of the past terms here are cut at that range. It has no effects of courses.`,
      `- Licence of the model: ${brought.licence}.`,
      `- Who answers for the model: ${brought.contact}.`,
    ];
  }
  return [
    `- Name: ${id}, trained ${day} on ${terms.join(', ')}.`,
    `- A logistic regression for each week of the term (${weeks.length} weeks), ridge penalty with λ = 1 on scaled measures, weights held at or above zero, and an effect of each course in which at least ten people failed and ten got through, shrunk.`,
    "- Licence: the model and this card are the college's own, made from its education records, and for its own use; the program that made them is campus-lake (MIT).",
    `- To cite: ${campus}, early warning, ${id}, trained ${day} with campus-lake.`,
  ];
}

/** On whom a brought model was trained, in the words of its makers. */
export const learnedElsewhere = ({ trainedOn, weeks }: BroughtModel): string => {
  const missing = [
    ...new Set(
      weeks.flatMap(({ measures }) =>
        Object.entries(measures).flatMap(([name, { whenMissing }]) =>
          whenMissing === undefined ? [] : [name],
        ),
      ),
    ),
  ];
  return [
    `Elsewhere: ${trainedOn}`,
    'It has learned nothing here; the past terms here say only in which range its measures lie, and how well it does.',
    ...(missing.length > 0
      ? [
          `It has values for where ${missing.join(', ')} is missing; here no measure is missing where a risk is given.`,
        ]
      : []),
  ].join(' ');
};

/** Which model the figures are of: never the one in use, whose terms are all those that could have evaluated it. */
export function ownFigures(model: StoredModel, { split, weeks }: Study): string {
  if (model.brought) {
    return `**The figures are of ${model.brought.name} itself**, with the range of its measures taken from the terms before. How it does in the terms to come is known when they are over: \`lake early-warning report --beside ${model.brought.name}\` tells.`;
  }
  const evaluated = weeks.at(-1)!.model;
  const known = Object.keys(evaluated.courses).length;
  const own = Object.keys(model.weeks.at(-1)?.courses ?? {}).length;
  const train = split.kind === 'later term' ? split.train.map(({ code }) => code) : [split.term.code];
  return `**The figures are not of ${model.id}**, which has learned from every past term (${model.terms.join(', ')}; effects of ${own} courses), so that none is left to judge it. They are of models made in the same way from ${train.join(', ')} (effects of ${known} courses). How ${model.id} itself does is known when the next term is over: \`lake early-warning report\` tells.`;
}

/** What differs from the card before. */
export function changesSection(model: StoredModel, before: StoredModel | undefined): string {
  if (!before) return '- Since the last card: there was none in use.';
  if (model.brought || before.brought) {
    return `- Since the last card (${before.id}, evaluated on ${before.evaluation.term}): it is another model.`;
  }
  const added = model.terms.filter((term) => !before.terms.includes(term));
  const left = before.terms.filter((term) => !model.terms.includes(term));
  const week = model.weeks.find((one) =>
    before.weeks.some((other) => other.week === one.week && one.week >= 8),
  );
  const then = week && before.weeks.find((one) => one.week === week.week);
  const moved =
    week && then
      ? MEASURES.map(({ column }, j) => ({ column, by: week.weights[j]! - then.weights[j]! })).sort(
          (a, b) => Math.abs(b.by) - Math.abs(a.by),
        )[0]
      : undefined;
  return `- Since the last card (${before.id}, evaluated on ${before.evaluation.term}): ${[
    added.length > 0 ? `learned from ${added.join(', ')} too` : 'no new term',
    ...(left.length > 0 ? [`${left.join(', ')} left out as too old`] : []),
    ...(moved
      ? [
          `the weight that moved most in week ${week!.week} is that of ${moved.column}, from × ${Math.exp(then!.weights[MEASURES.findIndex(({ column }) => column === moved.column)]!).toFixed(2)} to × ${Math.exp(week!.weights[MEASURES.findIndex(({ column }) => column === moved.column)]!).toFixed(2)}`,
        ]
      : []),
  ].join('; ')}.`;
}

/** Of whom it has learned, by term and course. */
export function makeUpSection({ makeUp, audit, terms }: Study): string {
  const rows = makeUp.map(({ term, course, hidden, cases, base }) =>
    hidden ? [term, course, 'hidden', 'hidden'] : [term, course, `${cases}`, three(base!)],
  );
  return [
    `Students with work handed in${audit ? ` in week ${audit.week}` : ''}, of ${terms.length} past terms, and the share that did not get through. Courses with fewer than ten of either kind are hidden, and others with them until nothing follows from the totals.`,
    table(['term', 'course', 'students', 'base'], rows),
  ].join('\n\n');
}
