import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** Statements that allow the same under the same conditions as one, without what a wider resource of it covers. */
export function mergedRights(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const alike = new Map<string, PolicyStatement[]>();
  for (const one of statements) {
    const key = JSON.stringify([one.effect, one.actions.toSorted(), one.conditions]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return [...alike.values()].map((group) => {
    const resources = [...new Set(group.flatMap((one) => one.resources))];
    const wide = resources.filter((arn) => arn.endsWith('*')).map((arn) => arn.slice(0, -1));
    const isCovered = (arn: string) => wide.some((begin) => arn !== `${begin}*` && arn.startsWith(begin));
    return group[0]!.copy({ resources: resources.filter((arn) => !isCovered(arn)) });
  });
}
