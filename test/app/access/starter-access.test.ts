import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withLake } from '../../../bin/with-lake.ts';
import { checkPolicy } from '../../../src/access/check-policy.ts';
import {
  type AccessPolicy,
  type KnownColumn,
  type KnownTables,
  toPolicy,
} from '../../../src/access/policy.ts';
import { explainAll } from '../../../src/app/access/explain-access.ts';
import { reviewAccess } from '../../../src/app/access/review-access.ts';
import { starterAccess } from '../../../src/app/access/starter-access.ts';
import { type AccessFile, accessSchema } from '../../../src/campus/access-schema.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { readYaml } from '../../../src/campus/read-yaml.ts';
import { knownTables } from '../../../src/pipeline/known-tables.ts';
import { KNOWN } from '../../access/college.ts';
import { ROOT } from '../../end-to-end/small-campus.ts';

const NO_COLUMNS: ReadonlyMap<string, KnownColumn> = new Map();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starter-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function policyOf(text: string, known: KnownTables): AccessPolicy {
  const read = readYaml<AccessFile>('access.yaml', text, accessSchema);
  if (read.value) read.add(checkPolicy(read.value, known));
  expect(read.problems()).toEqual([]);
  return toPolicy(read.value!, () => 'access.yaml:1');
}

const knownOf = async (campus: string): Promise<KnownTables> => {
  const loaded = await loadCampus(join(ROOT, campus));
  return withLake({ ...loaded, campus: { ...loaded.campus, lake: folder } }, {}, knownTables);
};

it.each([
  [
    'campus.yaml',
    ['adviser', 'instructor', 'analyst', 'financial_aid', 'registrar', 'steward', 'operator', 'student'],
  ],
  ['examples/northgate/campus.yaml', ['registrar', 'steward', 'operator']],
])(
  'of %s is a policy without a mistake, which shows no secret and no names for research',
  async (campus, roles) => {
    const known = await knownOf(campus);
    const policy = policyOf(starterAccess({ known, hasKey: true }), known);

    expect([...policy.roles.keys()]).toEqual(expect.arrayContaining(roles));
    expect(reviewAccess({ policy, known }).warnings.filter(({ kind }) => kind !== 'unused-table')).toEqual(
      [],
    );
    const shown = explainAll({ policy, known }).flatMap(({ role, table, columns }) =>
      columns.flatMap(({ name, shown: how }) =>
        how === 'hidden' ? [] : [`${role} ${known.get(table)!.get(name)!.privacy} ${how}`],
      ),
    );
    expect(shown.filter((one) => / secret |^(?!financial_aid ).* aid /.test(one))).toEqual([]);
    expect(shown.filter((one) => /^analyst direct (?!pseudonym )/.test(one))).toEqual([]);
    expect(shown.filter((one) => /^dashboard (?!none )/.test(one))).toEqual([]);
  },
);

it('has the rules of the small college', () => {
  const ledger = ['ops.access', 'ops.disclosures', 'ops.runs'];
  const known: KnownTables = new Map([...KNOWN, ...ledger.map((table) => [table, NO_COLUMNS] as const)]);
  const text = starterAccess({ known, hasKey: false });
  const policy = policyOf(text, known);

  expect(text).toMatch(/my_advisees: .* where: advis[eo]r(?:_id)? = session.person/);
  expect(policy.roles.get('student')!.tables.get('sis.persons')!.text).toBe('person_id = session.person');
});
