import type { Expression } from './tree.ts';

/** The options that a criterion of the form `name = 'choice'` or `name in ['a', 'b']` takes. */
export function choiceOf(
  criterion: Expression,
): { readonly name: string; readonly options: readonly string[] } | undefined {
  if (criterion.kind !== 'binary' || criterion.left.kind !== 'name') return undefined;
  const { operator, left, right } = criterion;
  const texts = right.kind === 'list' ? right.items : [right];
  const options = texts.flatMap((one) =>
    one.kind === 'literal' && typeof one.value === 'string' ? [one.value] : [],
  );
  const isFit = operator === '=' ? right.kind === 'literal' : operator === 'in' && right.kind === 'list';
  return isFit && options.length === texts.length && options.length > 0
    ? { name: left.name, options }
    : undefined;
}

/** Without places, so that two of one meaning are one. */
export const textOf = (expression: Expression): string =>
  JSON.stringify(expression, (key, value: unknown) =>
    key === 'line' || key === 'column' ? undefined : value,
  );

/** The names that an expression reads. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'field':
    case 'not':
    case 'minus':
      return namesIn(expression.of);
    case 'list':
      return expression.items.flatMap(namesIn);
    case 'template':
      return expression.parts.flatMap((part) => (typeof part === 'string' ? [] : namesIn(part)));
    case 'function':
      return expression.args.flatMap(namesIn);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'literal':
      return [];
  }
}

/** Whether it is a text without values in it. */
export const isWritten = (value: Expression): boolean =>
  value.kind === 'literal' ||
  (value.kind === 'template' && value.parts.every((part) => typeof part === 'string'));
