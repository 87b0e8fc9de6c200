import type { GroupRow, PairAudit } from '../audit/audit.ts';
import type { GroupFigures } from '../audit/group-figures.ts';
import type { Study } from '../study.ts';
import { inWords, pairsInWords } from './statements.ts';
import { table, three } from './table.ts';

/** Who is missed, by group and by two groups together. */
export function groupsSection({ audit, capacity }: Study): string {
  if (!audit || audit.rows.length === 0) {
    return 'None of the attributes to audit by is in the lake (`earlyWarning.audit` in campus.yaml names them).';
  }
  return [
    `Week ${audit.week}, the list as advisers get it (${inWords(capacity)}). Missed: of those who did not succeed, the share that the list does not name (false negatives); the rest is the recall. ABROCA: the area between the ROC curve of the group and that of all others, 0 where both are ranked alike. Groups with fewer than ten people of one outcome are hidden, and others with them until nothing follows from the totals; where how a few of the rule's students ended would follow, counts of outcomes are hidden and shares are rounded. For the students of the rule, what is predicted is the share of such students that the training terms lost.`,
    table(['group', ...GROUP_HEAD], audit.rows.map(groupCells)),
    '### Two attributes together',
    pairsSection(audit.pairs),
  ].join('\n\n');
}

/** Those who are in two groups at once: an average over each can look well where they do not. */
function pairsSection(pairs: readonly PairAudit[]): string {
  const shown = pairs.flatMap(({ attributes: [first, second], rows }) =>
    rows.map(({ values: [one, other], ...figures }) => [
      `${first}: ${one}, ${second}: ${other}`,
      ...figureCells(figures),
    ]),
  );
  const said = pairsInWords(pairs);
  return [...(shown.length > 0 ? [table(['groups', ...GROUP_HEAD], shown)] : []), said].join('\n\n');
}

const GROUP_HEAD = [
  'students',
  'did not succeed',
  'listed',
  'precision',
  'missed',
  '95 %',
  'falsely listed',
  'predicted less observed',
  'AUC',
  'ABROCA',
];

function groupCells(row: GroupRow): string[] {
  const name = `${row.attribute}: ${row.value}`;
  return row.hidden ? [name, ...GROUP_HEAD.map(() => 'hidden')] : [name, ...figureCells(row)];
}

const figureCells = (row: GroupFigures): string[] => [
  `${row.cases}`,
  row.unsuccessful === undefined ? 'hidden' : `${row.unsuccessful} (${three(row.base!)})`,
  three(row.listed),
  row.precision === undefined ? '' : three(row.precision),
  three(row.missed),
  row.missedFrom === undefined ? '' : `${three(row.missedFrom)}–${three(row.missedTo!)}`,
  three(row.falselyListed),
  `${row.calibrationGap >= 0 ? '+' : ''}${three(row.calibrationGap)}`,
  row.auc.toFixed(2),
  row.abroca?.toFixed(2) ?? '',
];
