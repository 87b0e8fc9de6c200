import type { Analyser, Finding } from './finding.ts';

/**
 * Of several causes found for one table in one run, the surer one counts, and the others are its alternatives: a step
 * that fails because of a check says the same as the check, only less exactly.
 */
export const sameTable: Analyser = {
  name: 'same-table',
  version: 1,
  stage: 2,
  run: (_of, findings) => {
    const kept: Finding[] = [];
    const doubles = (finding: Finding): Finding | undefined =>
      findings.find((other) => other !== finding && saysTheSame(other, finding));
    for (const finding of findings) if (!doubles(finding)) kept.push(finding);
    return kept.map((finding) => {
      const weaker = findings.filter((other) => doubles(other) === finding);
      const more = weaker.map(({ rule, confidence }) => ({
        cause: rule.id,
        confidence: Math.min(confidence, 1 - finding.confidence) / 2,
      }));
      const known = finding.alternatives.filter(({ cause }) => !more.some((other) => other.cause === cause));
      return {
        ...finding,
        signals: [...finding.signals, ...weaker.flatMap(({ signals }) => signals)],
        alternatives: [...more, ...known].filter(({ cause }) => cause !== finding.rule.id),
      };
    });
  },
};

/** Whether the first is about the failed check that the second, a failed step, only passes on. */
const saysTheSame = (first: Finding, second: Finding): boolean =>
  second.signals.every(({ kind, code }) => kind === 'step-failed' && code === 'check-failed') &&
  first.signals.some(
    ({ kind, severity }) => (kind === 'check-failed' || kind === 'rows-differ') && severity === 'error',
  ) &&
  first.scope.kind === second.scope.kind &&
  first.scope.name === second.scope.name &&
  (first.rule.id !== second.rule.id || first.key !== second.key);
