import { describe, expect, it } from 'vitest';
import { checkDeclaredNone } from '../../src/app/doctor/check-declared-none.ts';
import type { DoctorContext } from '../../src/app/doctor/finding.ts';
import type { Campus, CatalogDataset } from '../../src/campus/campus.ts';
import { createCatalog } from '../../src/campus/catalog.ts';
import type { CatalogColumn } from '../../src/campus/catalog-schema.ts';
import { checkColumns } from '../../src/campus/check-columns.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { doubtfulNones } from '../../src/privacy/declared-none.ts';

const campus = { sources: { sis: { kind: 'postgres' } } } as unknown as Campus;
const none = (name: string, more: Partial<CatalogColumn> = {}): CatalogColumn => ({
  name,
  type: 'varchar',
  privacy: 'none',
  ...more,
});
const dataset = (columns: CatalogColumn[], more: Partial<CatalogDataset> = {}): CatalogDataset => ({
  id: 'sis.people',
  name: 'people',
  source: 'sis',
  namespace: 'sis',
  table: 'people',
  key: ['id'],
  columns: [none('id', { type: 'bigint' }), ...columns],
  ...more,
});
const found = (...given: Parameters<typeof dataset>) =>
  doubtfulNones(campus, createCatalog([dataset(...given)])).map(
    ({ column, privacy }) => `${column} ${privacy}`,
  );

describe('A column that is declared none', () => {
  it('is doubted where its name speaks of a person or of what is kept out', () => {
    const columns = ['ssn', 'religion', 'email', 'comments', 'password_hash', 'room', 'created'].map((name) =>
      none(name),
    );
    expect(found(columns)).toEqual([
      'ssn secret',
      'religion special',
      'email direct',
      'comments text',
      'password_hash secret',
    ]);
  });

  it('is judged by its name at the source, where the lake calls it otherwise', () => {
    expect(found([none('code', { source: 'SPBPERS_SSN' })])).toEqual(['code secret']);
  });

  it('is not where a person said why, where it is of another class, or where nothing is loaded', () => {
    expect(found([none('ssn', { privacyReason: 'the number of a ship' })])).toEqual([]);
    expect(found([none('ssn', { privacy: 'secret' })])).toEqual([]);
    expect(found([none('ssn')], { load: 'off' })).toEqual([]);
  });

  it('is a remark of the doctor, with what to do', async () => {
    const catalog = createCatalog([dataset([none('ssn'), none('iban')])]);
    const findings = await checkDeclaredNone({ campus, catalog } as DoctorContext);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ status }) => status === 'warn')).toBe(true);
    expect(findings.map(({ text }) => text).join()).toMatch(/sis\.people\.ssn/);
    expect(findings[0]!.hint).toContain('privacyReason');
  });

  it('has a reason in the catalog of the project wherever its name sounds otherwise', async () => {
    const loaded = await loadCampus('campus.yaml');
    expect(await checkDeclaredNone(loaded as DoctorContext)).toMatchObject([{ status: 'ok' }]);
  });
});

it('a reason for none on a column of another class is a mistake', () => {
  const given = dataset([none('ssn', { privacy: 'secret', privacyReason: 'the number of a ship' })]);
  expect(JSON.stringify(checkColumns(given, [], undefined))).toContain(
    'the column is of class secret; expected privacy none',
  );
});
