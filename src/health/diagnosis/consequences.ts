import { SYMPTOMS } from '../rules/rule.ts';
import type { Analyser, Case, Finding } from './finding.ts';

/**
 * Separates causes from what follows from them. One finding follows from another if that explains such findings
 * (`Rule.explains`), if it reaches what this one is about, directly or through what is made of it, and if it did not come
 * later. What follows is no incident of its own.
 */
export const consequences: Analyser = {
  name: 'consequences',
  version: 1,
  stage: 3,
  run: (of, findings) => {
    const causes = new Map(findings.map((finding) => [finding, causesOf(finding, findings, of)]));
    const roots = findings.filter((finding) => causes.get(finding)!.length === 0);
    return roots.map((root) => {
      const following = findings.filter((finding) => leadsTo(root, finding, causes, new Set()));
      return {
        ...root,
        confidence: following.length > 0 ? 1 - (1 - root.confidence) / 2 : root.confidence,
        consequences: following,
      };
    });
  },
};

function causesOf(finding: Finding, all: readonly Finding[], of: Case): Finding[] {
  const found = all.filter(
    (other) =>
      other !== finding &&
      isCause(other) &&
      // Of two of one cause the one that is not made of the other comes first.
      (other.rule.id !== finding.rule.id || !reaches(finding, other, of)) &&
      explains(other, finding) &&
      cameFirst(other, finding) &&
      reaches(other, finding, of),
  );
  // Two that explain each other are one chain: the earlier one, or the one that reaches further, is the cause.
  return found.filter(
    (other) => !(explains(finding, other) && reaches(finding, other, of) && isBefore(finding, other)),
  );
}

/** What is only worth knowing explains nothing, but for what a rule says to be so: columns that changed. */
const isCause = ({ rule, signals }: Finding): boolean =>
  rule.severity === 'info' || signals.some(({ severity }) => severity !== 'info');

function explains({ rule }: Finding, other: Finding): boolean {
  const { explains: known = SYMPTOMS } = rule;
  // What is made of a damaged table fails in the same way: only a rule that names itself has such consequences.
  if (rule.id === other.rule.id) return known.includes(rule.id);
  // A symptom explains only symptoms that come of it.
  if (SYMPTOMS.includes(rule.id)) return SYMPTOMS.indexOf(other.rule.id) > SYMPTOMS.indexOf(rule.id);
  return known.some((id) =>
    id.endsWith('*') ? other.rule.id.startsWith(id.slice(0, -1)) : other.rule.id === id,
  );
}

/** What is only measured at the end of a run tells nothing of when it began. */
const cameFirst = (first: Finding, second: Finding): boolean =>
  SYMPTOMS.includes(second.rule.id) ||
  Date.parse(first.at) <= Date.parse(second.at) ||
  first.scope.kind === 'lake';

const isBefore = (first: Finding, second: Finding): boolean => {
  const width = ['lake', 'source', 'table'];
  const [a, b] = [width.indexOf(first.scope.kind), width.indexOf(second.scope.kind)];
  return a !== b
    ? a < b
    : Date.parse(first.at) < Date.parse(second.at) || (first.at === second.at && first.key < second.key);
};

/** Whether a cause reaches what another finding is about. */
function reaches(cause: Finding, { scope, tables }: Finding, { lineage }: Case): boolean {
  if (cause.scope.kind === 'lake') return true;
  const reached =
    cause.scope.kind === 'source'
      ? [...lineage.datasetsOf(cause.scope.name), ...cause.tables]
      : [cause.scope.name];
  if (cause.scope.kind === 'source' && scope.kind === 'source' && scope.name === cause.scope.name)
    return isWide(cause) || tables.every((table) => cause.tables.includes(table));
  const about = tables.length > 0 ? tables : scope.kind === 'table' ? [scope.name] : [];
  const direct = isWide(cause) ? reached : cause.tables.length > 0 ? cause.tables : reached;
  return about.some((table) => direct.some((one) => one === table || lineage.readsFrom(table, one)));
}

/** Whether it stops everything of its source, whichever tables met it. */
const isWide = ({ rule, signals }: Finding): boolean =>
  rule.scope === 'source' || signals.some(({ reach }) => reach === 'source');

function leadsTo(
  root: Finding,
  finding: Finding,
  causes: ReadonlyMap<Finding, readonly Finding[]>,
  seen: ReadonlySet<Finding>,
): boolean {
  if (finding === root || seen.has(finding)) return false;
  const direct = causes.get(finding) ?? [];
  const further = new Set([...seen, finding]);
  return direct.some((cause) => cause === root || leadsTo(root, cause, causes, further));
}
