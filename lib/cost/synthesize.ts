import type { Settings } from '../settings.ts';
import { templatesOf } from '../synthesize.ts';
import type { Resource } from './template.ts';

/** Every resource that the lake would deploy. */
export function resourcesOf(settings: Settings): Resource[] {
  return [...templatesOf(settings)].flatMap(([stack, { Resources = {} }]) =>
    Object.entries(Resources).map(([id, { Type, Properties }]) => ({
      id: `${stack}/${id}`,
      type: Type,
      properties: Properties ?? {},
    })),
  );
}
