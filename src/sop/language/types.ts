/** What a value can be, for criteria that are checked before anything runs. */
export type Type =
  | { readonly kind: 'text' | 'number' | 'boolean' | 'date' | 'any' }
  /** The number of a person: a text that is kept out of logs and reports. */
  | { readonly kind: 'person' }
  /** One of these texts. */
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'list'; readonly of: Type }
  /** Fields by name. `open`: it may have others, of which nothing is known. */
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Type>>; readonly open?: boolean };

export const TEXT: Type = { kind: 'text' };
export const NUMBER: Type = { kind: 'number' };
export const BOOLEAN: Type = { kind: 'boolean' };
export const DATE: Type = { kind: 'date' };
export const PERSON: Type = { kind: 'person' };
export const ANY: Type = { kind: 'any' };
export const choice = (...options: readonly string[]): Type => ({ kind: 'choice', options });
export const list = (of: Type): Type => ({ kind: 'list', of });
export const record = (fields: Readonly<Record<string, Type>>, open = false): Type => ({
  kind: 'record',
  fields,
  ...(open ? { open } : {}),
});

/** As it is written in a procedure. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'choice':
      return type.options.map((option) => `'${option}'`).join(' or ');
    case 'list':
      return `list of ${typeText(type.of)}`;
    default:
      return type.kind;
  }
}

const isTextual = ({ kind }: Type): boolean => ['text', 'choice', 'date', 'person'].includes(kind);

/** Whether values of the two can be compared, or one be given where the other is wanted. */
export function fits(given: Type, wanted: Type): boolean {
  if (given.kind === 'any' || wanted.kind === 'any') return true;
  if (given.kind === 'choice' && wanted.kind === 'choice')
    return given.options.some((option) => wanted.options.includes(option));
  if (isTextual(given) && isTextual(wanted)) return true;
  if (given.kind === 'list' && wanted.kind === 'list') return fits(given.of, wanted.of);
  return given.kind === wanted.kind;
}

/** What holds of a value that is one or the other. */
export function either(a: Type, b: Type): Type {
  if (a.kind === 'choice' && b.kind === 'choice')
    return { kind: 'choice', options: [...new Set([...a.options, ...b.options])] };
  if (a.kind === 'list' && b.kind === 'list') return list(either(a.of, b.of));
  if (a.kind === 'record' && b.kind === 'record') {
    const shared = Object.keys(a.fields).filter((name) => Object.hasOwn(b.fields, name));
    const isOpen =
      a.open || b.open || shared.length < Math.max(...[a, b].map((r) => Object.keys(r.fields).length));
    return record(
      Object.fromEntries(shared.map((name) => [name, either(a.fields[name]!, b.fields[name]!)])),
      isOpen,
    );
  }
  if (a.kind === b.kind) return a;
  return isTextual(a) && isTextual(b) ? (a.kind === 'person' || b.kind === 'person' ? PERSON : TEXT) : ANY;
}
