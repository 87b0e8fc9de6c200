import { ruleFor, ruleOf } from '../rules/all.ts';
import type { Rule } from '../rules/rule.ts';
import type { Signal, SignalKind } from '../signal.ts';
import { type Analyser, type Case, type Finding, keyOf, type Scope } from './finding.ts';

/** One more signal of a cause takes away so much of the doubt. */
const DOUBT_LEFT = 0.5;

/** An analyser that asks the rules about signals of some kinds. */
export const byRules = (name: string, kinds: readonly SignalKind[]): Analyser => ({
  name,
  version: 1,
  stage: 1,
  run: (of) => {
    const groups = new Map<string, { rule: Rule; scope: Scope; signals: Signal[] }>();
    for (const one of of.signals.filter(({ kind }) => kinds.includes(kind))) {
      const rule = ruleFor(one);
      if (!rule) continue;
      const scope = scopeOf(rule, one, of);
      const key = keyOf(rule, scope);
      const group = groups.get(key) ?? { rule, scope, signals: [] };
      group.signals.push(one);
      groups.set(key, group);
    }
    return [...groups].map(([key, { rule, scope, signals }]) => findingOf(key, rule, scope, signals));
  },
});

/**
 * Where the cause lies. What the owner of a table can correct is of that table; what one source does to several of its
 * tables is one cause, which lies at the source.
 */
function scopeOf(rule: Rule, { about, source, reach }: Signal, { lineage }: Case): Scope {
  if (rule.scope === 'lake' || reach === 'lake') return { kind: 'lake', name: '' };
  const of = source || lineage.sourceOf(about);
  const isOfSource = rule.scope === 'source' || reach === 'source' || rule.assignee !== 'owner';
  if (isOfSource && of !== '') return { kind: 'source', name: of };
  // Data that are late without any other cause are late at their source.
  if (rule.id === 'data-late' && of !== '') return { kind: 'source', name: of };
  return about === '' ? { kind: 'lake', name: '' } : { kind: 'table', name: about };
}

export function findingOf(key: string, rule: Rule, scope: Scope, signals: readonly Signal[]): Finding {
  const first = signals.reduce((a, b) => (Date.parse(b.at) < Date.parse(a.at) ? b : a));
  const confidence = 1 - (1 - rule.confidence) * DOUBT_LEFT ** Math.min(signals.length - 1, 3);
  return {
    key,
    rule,
    scope,
    at: first.at,
    signals,
    tables: [...new Set(signals.map(({ about }) => about).filter((about) => about !== ''))].sort(),
    confidence,
    alternatives: (rule.alternatives ?? []).map((cause, place) => ({
      cause: ruleOf(cause).id,
      confidence: (1 - confidence) / 2 ** (place + 1),
    })),
    consequences: [],
  };
}
