import type { WeekEvaluation } from './evaluate.ts';

/** One of the three rules of the card by which the model is to be withdrawn, and what the evaluated term says of it. */
export interface WithdrawalRule {
  readonly rule: string;
  /** In words: of which term, week or group. */
  readonly found: string;
  readonly limit: number;
  /** Absent: there is nothing yet to compare with. */
  readonly value?: number;
  readonly isBroken: boolean;
}

/** A group of the audit, as far as the rules need it. */
interface AuditedGroup {
  readonly attribute: string;
  readonly value: string;
  /** Absent: its numbers are hidden. */
  readonly missed?: number;
}

/** What an earlier judgement said, to compare with. */
export interface EarlierFigures {
  readonly term: string;
  readonly weeks: readonly { readonly week: number; readonly auc: number }[];
}

const AUC_FALL = 0.05;
const PREDICTIONS_OFF = 0.1;
const GROUPS_APART = 0.1;

/**
 * The card's three rules. AUC and predictions are those of students with work handed in, by the mean of the weeks that
 * both judgements have; groups are those of the audit that are shown.
 */
export function withdrawalRules(
  evaluated: { readonly term: string; readonly weeks: readonly WeekEvaluation[] },
  audit: readonly AuditedGroup[],
  before: EarlierFigures | undefined,
): WithdrawalRule[] {
  return [fallOfAuc(evaluated, before), predictionsOff(evaluated), groupsApart(audit)];
}

function fallOfAuc(
  { term, weeks }: { readonly term: string; readonly weeks: readonly WeekEvaluation[] },
  before: EarlierFigures | undefined,
): WithdrawalRule {
  const rule = 'the AUC of a new term falls by more than 0.05';
  const pairs = weeks.flatMap(({ week, scored }) => {
    const then = before?.weeks.find((one) => one.week === week);
    return then ? [then.auc - scored.auc] : [];
  });
  if (pairs.length === 0) {
    return { rule, limit: AUC_FALL, found: `no earlier term than ${term} was evaluated`, isBroken: false };
  }
  const value = mean(pairs);
  return {
    rule,
    limit: AUC_FALL,
    value,
    found: `from ${before!.term} to ${term}${overWeeks(pairs)}`,
    isBroken: value > AUC_FALL,
  };
}

function predictionsOff({
  term,
  weeks,
}: {
  readonly term: string;
  readonly weeks: readonly WeekEvaluation[];
}): WithdrawalRule {
  const value = mean(weeks.map(({ scored }) => scored.calibration.predicted - scored.base));
  return {
    rule: 'predictions run more than 0.10 off',
    limit: PREDICTIONS_OFF,
    value,
    found: `${term}, predicted less observed${overWeeks(weeks)}`,
    isBroken: Math.abs(value) > PREDICTIONS_OFF,
  };
}

function groupsApart(audit: readonly AuditedGroup[]): WithdrawalRule {
  const rule = 'one group is missed by more than 0.10 more than another';
  let worst: { value: number; found: string } | undefined;
  for (const attribute of new Set(audit.map((row) => row.attribute))) {
    const shown = audit
      .flatMap(({ missed, ...row }) =>
        missed === undefined || row.attribute !== attribute || row.value === 'not known'
          ? []
          : [{ ...row, missed }],
      )
      .sort((a, b) => a.missed - b.missed);
    const [least, most] = [shown[0], shown.at(-1)];
    if (!least || !most || least === most) continue;
    const value = most.missed - least.missed;
    if (!worst || value > worst.value)
      worst = { value, found: `${attribute}: ${most.value} more than ${least.value}` };
  }
  if (!worst) return { rule, limit: GROUPS_APART, found: 'no groups are shown', isBroken: false };
  return { rule, limit: GROUPS_APART, ...worst, isBroken: worst.value > GROUPS_APART };
}

const overWeeks = ({ length }: { readonly length: number }): string =>
  length === 1 ? '' : `, mean of ${length} weeks`;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
