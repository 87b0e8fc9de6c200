import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { fileSchemas } from '../../src/app/file-schemas.ts';
import { schemaText } from '../../src/campus/json-schemas.ts';
import { FEATURES } from '../../src/features.ts';

const ROOT = new URL('../../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const schemas = await fileSchemas(FEATURES);
// Not strict: the lake's types are given by enum or by pattern, which ajv calls unusual.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

describe.each(Object.keys(schemas))('schemas/%s', (name) => {
  it('is current (`npm run schemas` writes it again)', () => {
    expect(text(`schemas/${name}`)).toBe(schemaText(schemas[name]!));
  });
});

describe('what an editor accepts', () => {
  const campus = ajv.compile(schemas['campus.schema.json']!);
  const catalog = ajv.compile(schemas['catalog.schema.json']!);
  const files = readdirSync(new URL('catalog/', ROOT)).map((f) => `catalog/${f}`);

  it("is the project's own campus", () => {
    campus(load(text('campus.yaml')));
    expect(campus.errors).toBeNull();
    expect(text('campus.yaml')).toContain('$schema=schemas/campus.schema.json');
  });

  it.each(files)('is %s', (file) => {
    catalog(load(text(file)));
    expect(catalog.errors).toBeNull();
    expect(text(file)).toContain('$schema=../schemas/catalog.schema.json');
  });

  it.each([
    ['decimal(12,2)', true],
    ['varchar', true],
    ['text', false],
    ['decimal', false],
  ])('of types: %s is %s', (type, valid) => {
    const columns = [{ name: 'a', type, privacy: 'none' }];
    const datasets = [{ name: 'a', namespace: 'a', table: 'a', key: [], columns }];
    expect(catalog({ source: 'a', datasets })).toBe(valid);
  });

  it('has no unknown key and no word outside of the list', () => {
    const valid = { name: 'x', timeZone: 'UTC', sources: {} };
    expect(campus(valid)).toBe(true);
    expect(campus({ ...valid, sorces: {} })).toBe(false);
    expect(campus({ ...valid, profile: 'cheap' })).toBe(false);
  });
});
