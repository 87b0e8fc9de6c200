import { readFileSync } from 'node:fs';

export interface ActionReference {
  /** ARNs that the action can be allowed on, with `${…}` for what differs. None: `*` only. */
  readonly resources: readonly string[];
  /** Keys that a condition on it may name, besides the global ones (`aws:…`). */
  readonly conditions: readonly string[];
}

/**
 * What AWS's Service Authorization Reference says of each action that the lake's policies name. Written, and compared,
 * by the conformance suite of the policies: nobody here writes it by hand.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
const REFERENCE = new Map(
  readFileSync(new URL('./iam-reference.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ActionReference & { readonly action: string })
    .map(({ action, ...reference }) => [action, reference] as const),
);

/** @throws Error for an action that no policy of the lake names, or that AWS does not have */
export function referenceOf(action: string): ActionReference {
  const found = REFERENCE.get(action);
  if (!found)
    throw new Error(
      `test/infra/iam-reference.jsonl has no ${action}: does AWS? See test/conformance/infra/policies.test.ts`,
    );
  return found;
}

/** Whether AWS can allow the action on everything only. */
export const isOnAllOnly = (action: string): boolean => referenceOf(action).resources.length === 0;

/** Whether the action is decided on resources of an ARN, or of some that fit a pattern. Without resources it is on `*` alone. */
export function canBeAllowedOn({ resources }: ActionReference, pattern: string): boolean {
  if (resources.length === 0) return pattern === '*';
  return resources.some((arn) =>
    overlaps(arn.replaceAll(/\$\{\w+\}/g, '*').replaceAll(/\*+/g, '*'), pattern),
  );
}

/** Whether some text fits both patterns of `*` and `?`. */
function overlaps(a: string, b: string): boolean {
  let row = Array.from({ length: b.length + 1 }, () => false);
  for (let i = 0; i <= a.length; i++) {
    const next = Array.from({ length: b.length + 1 }, () => false);
    for (let j = 0; j <= b.length; j++) {
      if (i === 0 && j === 0) next[j] = true;
      else {
        const [x, y] = [a[i - 1], b[j - 1]];
        const skipA = i > 0 && x === '*' && row[j];
        const skipB = j > 0 && y === '*' && next[j - 1];
        const both =
          i > 0 && j > 0 && row[j - 1] && (x === y || x === '?' || y === '?' || x === '*' || y === '*');
        const stay = i > 0 && j > 0 && ((x === '*' && next[j - 1]) || (y === '*' && row[j]));
        next[j] = Boolean(skipA || skipB || both || stay);
      }
    }
    row = next;
  }
  return row[b.length]!;
}
