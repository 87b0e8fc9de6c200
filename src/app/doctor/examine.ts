import type { LoadedCampus } from '../../campus/load.ts';
import type { Problem } from '../../campus/problem.ts';
import { type Check, type DoctorContext, type Finding, fail, ok, type Status, warn } from './finding.ts';

const ABOUT = 'campus';

/** What `lake doctor` has found, with how many of each kind. */
export interface Examination {
  /** Whether nothing fails. */
  readonly ok: boolean;
  readonly warnings: number;
  readonly failures: number;
  readonly findings: readonly Finding[];
}

/** Runs the checks one after another. Findings come as they are made: a source may take a while to answer. */
export async function* examine<P extends DoctorContext>(
  context: P,
  checks: readonly ((context: P) => ReturnType<Check>)[],
): AsyncGenerator<Finding> {
  yield* campusFindings(context);
  for (const check of checks) yield* await check(context);
}

/** Problems for which a campus cannot be loaded, as findings. */
export const problemFindings = (problems: readonly Problem[]): Finding[] =>
  problems.map((problem) => fail(ABOUT, placed(problem), 'correct the line'));

export function examinationOf(findings: readonly Finding[]): Examination {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const failures = count('fail');
  return { ok: failures === 0, warnings: count('warn'), failures, findings };
}

function campusFindings({ campus, catalog, warnings }: LoadedCampus): Finding[] {
  return [
    ok(ABOUT, `${campus.name}: campus.yaml and the catalog are valid, ${catalog.datasets.length} datasets`),
    ...warnings.map((problem) =>
      warn(ABOUT, placed(problem), 'correct the line, or leave it if it is meant'),
    ),
  ];
}

const placed = ({ file, line, column, text }: Problem): string => `${file}:${line}:${column}  ${text}`;
