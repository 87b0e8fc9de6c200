import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { campusSchema, sourceSchema } from '../../src/campus/campus-schema.ts';
import { columnSchema, datasetSchema, PRIVACY_CLASSES, TREATMENTS } from '../../src/campus/catalog-schema.ts';
import { SIMPLE_LAKE_TYPES } from '../../src/campus/lake-type.ts';

const doc = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** Words of the schemas that a guide does not name in code style. */
function missing(guide: string, words: readonly string[]): string[] {
  const code = doc(guide)
    .match(/`[^`\n]+`/g)!
    .join(' ');
  return words.filter((word) => !new RegExp(`\\b${word}\\b`).test(code));
}

describe('the guides name every word of the schemas', () => {
  it('docs/campus-yaml.md: keys, classes, treatments', () => {
    const sources = sourceSchema.options.flatMap((option) => Object.keys(option.shape));
    const words = [...Object.keys(campusSchema.shape), ...sources, ...PRIVACY_CLASSES, ...TREATMENTS];
    expect(missing('campus-yaml.md', words)).toEqual([]);
  });

  it('docs/adding-a-dataset.md: keys and types', () => {
    const keys = [...Object.keys(datasetSchema.shape), ...Object.keys(columnSchema.shape)];
    expect(missing('adding-a-dataset.md', [...keys, ...SIMPLE_LAKE_TYPES])).toEqual(['columns']);
  });
});
