import { type FaultExperiment, stopConditionOf } from '../../lib/faults/experiments.ts';
import type { Ran } from './run-twin.ts';
import { limitOf, type Twin } from './twins.ts';

/** An experiment, and what its twins showed. */
export interface Conducted {
  readonly experiment: FaultExperiment;
  /** Those that were to run. */
  readonly twins: readonly Twin[];
  /** Those that did. */
  readonly runs: readonly Ran[];
}

export type Conclusion = 'held' | 'refuted' | 'stopped' | 'not shown' | 'not run';

/** One test that fails refutes a hypothesis; it holds where every twin has ended and shown something. */
export function conclusionOf({ twins, runs }: Conducted): Conclusion {
  if (runs.some(({ failed }) => failed > 0)) return 'refuted';
  if (runs.some(({ stopped }) => stopped)) return 'stopped';
  if (runs.length < twins.length || twins.length === 0) return 'not run';
  return runs.every(({ passed }) => passed > 0) ? 'held' : 'not shown';
}

/** As Markdown: a table, and for each experiment what was to be shown, how, and what came of it. */
export function reportOf(conducted: readonly Conducted[]): string {
  const rows = conducted.map(
    (one) =>
      `| ${one.experiment.name} | ${conclusionOf(one)} | ${one.runs.map(({ where }) => where).join(', ') || '–'} | ${one.runs.reduce((sum, { seconds }) => sum + seconds, 0)} |`,
  );
  return `${['# Fault experiments', '', '| experiment | hypothesis | shown at | seconds |', '|---|---|---|---|', ...rows, ...conducted.flatMap(sectionOf)].join('\n')}\n`;
}

function sectionOf(one: Conducted): string[] {
  const { experiment, twins, runs } = one;
  const resultOf = (twin: Twin): string => {
    const ran = runs.find(
      ({ file, tests, where }) => file === twin.file && tests === twin.tests && where === twin.where,
    );
    if (!ran) return 'not run';
    const counts = `${ran.passed} passed, ${ran.failed} failed, ${ran.seconds} s`;
    return ran.stopped ? `stopped; ${counts}` : counts;
  };
  return [
    '',
    `## ${experiment.name}: ${conclusionOf(one)}`,
    '',
    `- Fault: ${experiment.fault}`,
    `- Hypothesis: ${experiment.hypothesis}`,
    `- On AWS: ${experiment.onAws}. Stopped by: ${stopConditionOf(experiment)}`,
    ...twins.map(
      (twin) =>
        `- ${twin.where}: \`${twin.file}\`${twin.tests === undefined ? '' : ` (${twin.tests})`}, stopped after ${limitOf(twin)} minutes: ${resultOf(twin)}`,
    ),
  ];
}
