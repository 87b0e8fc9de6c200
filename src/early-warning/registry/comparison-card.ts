import type { ObjectStore } from '../../ports/objects.ts';
import { table, three } from '../card/table.ts';
import type { Comparison, Side } from './compare.ts';
import type { LineageWeek } from './lineage.ts';

/** Of each term the first eight weeks, then every fourth, and the last: as in the model card. */
const isShown = <T extends { readonly week: number }>({ week }: T, i: number, all: readonly T[]): boolean =>
  week <= 8 || week % 4 === 0 || i === all.length - 1;

/** The comparison of a challenger with the model in use, in Markdown: what a person reads before a promotion. */
export function comparisonCard({ at, champion, challenger, running, labelled }: Comparison): string {
  return [
    `# ${challenger.model.id} beside ${champion.model.id}`,
    `Made ${at.slice(0, 16).replace('T', ' ')} UTC. The first is the challenger; the second is in use, and stays so until a person promotes the challenger: \`lake models promote ${challenger.model.id} --by <who> --because "…"\`.`,
    '## What they were made of',
    lineageTable(champion, challenger),
    '## On students whose outcomes neither had seen',
    labelled.length === 0
      ? 'There is no term yet that ended after both were trained and has had two weeks for its grades. Until one has, nothing here says which of the two is better.'
      : table(
          ['term', 'week', 'students', 'happened', 'model', 'AUC (95 %)', 'Brier', 'predicted'],
          labelled
            .filter(isShown)
            .flatMap((one) =>
              (['champion', 'challenger'] as const).map((who) => [
                one.term,
                `${one.week}`,
                `${one.cases}`,
                three(one.observed),
                who,
                `${three(one[who].auc)} (${three(one[who].aucFrom)}–${three(one[who].aucTo)})`,
                three(one[who].brier),
                three(one[who].predicted),
              ]),
            ),
        ),
    '## When they were trained',
    'Each was evaluated by models of the terms before the newest it had: figures of different terms are not of the same students.',
    table(
      ['week', 'champion: AUC (95 %)', 'Brier', 'challenger: AUC (95 %)', 'Brier'],
      evaluations(champion, challenger),
    ),
    '## On running terms, without outcomes',
    running.length === 0
      ? 'No week of a running term is over with ten students or more who have handed something in.'
      : [
          table(
            [
              'term',
              'week',
              'students',
              'champion',
              'challenger',
              'apart',
              'same fifth',
              'PSI champion',
              'PSI challenger',
            ],
            running
              .filter(isShown)
              .map((one) => [
                one.term,
                `${one.week}`,
                `${one.cases}`,
                three(one.champion),
                three(one.challenger),
                three(one.apart),
                three(one.sameListed),
                one.championPsi === undefined ? '' : three(one.championPsi),
                one.challengerPsi === undefined ? '' : three(one.challengerPsi),
              ]),
          ),
          'Champion, challenger: the mean risk. Apart: the mean distance of the two risks of a student. Same fifth: of the riskiest fifth by the champion, the share that the challenger names too. PSI: how far the risks have moved from those of the same week in each training.',
        ].join('\n\n'),
    '## The rules of withdrawal, at training',
    rulesTable(champion, challenger),
    '',
  ].join('\n\n');
}

function lineageTable(champion: Side, challenger: Side): string {
  const row = (what: string, of: (side: Side) => string | undefined) => [
    what,
    of(champion) ?? 'not known',
    of(challenger) ?? 'not known',
  ];
  const parameters = [
    ...new Set([champion, challenger].flatMap(({ lineage }) => Object.keys(lineage?.parameters ?? {}))),
  ].sort();
  return table(
    ['', 'champion', 'challenger'],
    [
      row('model', ({ model }) => model.id),
      row('trained', ({ model }) => model.trainedAt.slice(0, 10)),
      row('learned from', ({ model }) =>
        model.brought ? `brought: ${model.brought.name}` : model.terms.join(', '),
      ),
      row(
        'training window',
        ({ lineage }) => lineage && (lineage.from === '' ? 'elsewhere' : `${lineage.from} to ${lineage.to}`),
      ),
      row(
        'publication',
        ({ lineage }) =>
          lineage && `${lineage.publication}, data as of ${lineage.asOf.slice(0, 16).replace('T', ' ')}`,
      ),
      row('program', ({ lineage }) => lineage?.program),
      row('who answers', ({ model }) => model.contact ?? 'nobody was named'),
      row('valid until', ({ model }) => model.expires),
      ...parameters.map((name) => row(name, ({ lineage }) => lineage && `${lineage.parameters[name] ?? ''}`)),
    ],
  );
}

function evaluations(champion: Side, challenger: Side): string[][] {
  const weeks = [
    ...new Set(
      [champion, challenger].flatMap(({ lineage }) => (lineage?.metrics ?? []).map(({ week }) => week)),
    ),
  ].sort((a, b) => a - b);
  const cells = ({ lineage }: Side, week: number): string[] => {
    const own: LineageWeek | undefined = lineage?.metrics.find((one) => one.week === week);
    if (!own) return ['', ''];
    return [
      `${three(own.auc)} (${three(own.aucFrom)}–${three(own.aucTo)}), ${lineage!.evaluatedOn}`,
      three(own.brier),
    ];
  };
  return weeks
    .map((week) => ({ week }))
    .filter(isShown)
    .map(({ week }) => [`${week}`, ...cells(champion, week), ...cells(challenger, week)]);
}

function rulesTable(champion: Side, challenger: Side): string {
  const rules = [
    ...new Set(
      [champion, challenger].flatMap(({ lineage }) => (lineage?.withdrawal ?? []).map(({ rule }) => rule)),
    ),
  ];
  if (rules.length === 0) return 'Neither has a record of them.';
  const cell = ({ lineage }: Side, rule: string) => {
    const own = lineage?.withdrawal.find((one) => one.rule === rule);
    if (!own || own.value === undefined) return 'not known';
    return `${three(own.value)}${own.isBroken ? ', **broken**' : ''}`;
  };
  return table(
    ['rule', 'champion', 'challenger'],
    rules.map((rule) => [rule, cell(champion, rule), cell(challenger, rule)]),
  );
}

/** Where the newest comparison of two models lies. */
export const cardOf = (champion: string, challenger: string): string =>
  `early-warning/${challenger}/beside-${champion}.md`;

/** Keeps a comparison with its challenger, in the place of an earlier one. @returns its key */
export async function keepCard(objects: ObjectStore, comparison: Comparison): Promise<string> {
  const key = cardOf(comparison.champion.model.id, comparison.challenger.model.id);
  await objects.putText(key, comparisonCard(comparison));
  return key;
}
