import { LakeError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Template } from './plan.ts';

/** What a template can name: see the plan. */
export interface Scope {
  readonly run: string;
  readonly item?: Json;
  readonly last?: Json;
}

/** The template with every `$path` replaced by what the scope holds there. */
export function fill(template: Template, scope: Scope): Json {
  if (typeof template === 'string') return template.startsWith('$') ? lookUp(template, scope) : template;
  if (typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, scope)]));
}

/**
 * The value at a path such as `$item.dataset`.
 * @throws LakeError when there is nothing: a mistake in the plan, not in the data
 */
export function lookUp(path: string, scope: Scope): Json {
  const [root, ...rest] = path.slice(1).split('.');
  let value: Json | undefined = (scope as unknown as { [key: string]: Json })[root!];
  for (const part of rest) {
    value = value !== null && typeof value === 'object' && !Array.isArray(value) ? value[part] : undefined;
  }
  if (value === undefined)
    throw new LakeError(`The plan asks for ${path}, which the step before did not give.`);
  return value;
}
