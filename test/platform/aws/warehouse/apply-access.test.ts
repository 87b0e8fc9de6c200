import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeAccess, openAccess } from '../../../../src/platform/aws/warehouse/apply-access.ts';
import { DataApi } from '../../../../src/platform/aws/warehouse/data-api.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import type { TableSet } from '../../../../src/ports/tables.ts';
import type { RedshiftStatements } from '../../../../src/ports/warehouse-access.ts';
import { makeAll, redshiftAccess, typedTables } from '../../../../src/warehouse/redshift-access.ts';
import { COLLEGE, KNOWN, POLICY, readPolicy } from '../../../access/college.ts';
import { RedshiftModel } from './redshift-model.ts';

const TABLES = typedTables(KNOWN, Object.keys(COLLEGE));
const accessOf = (text = POLICY, served: TableSet = TABLES) =>
  redshiftAccess(readPolicy(text).policy!, KNOWN, served, 'dashboard');

const MASKED = POLICY.replace('sis.persons.name: first_letter', 'sis.persons.name: redact');
const NARROWER = MASKED.replace(
  'section_id in my_sections\n      sis.sections: all',
  'section_id in my_sections',
);

/** What a load does of the policy, around the rows that it replaces. */
async function load(model: RedshiftModel, access: RedshiftStatements | undefined): Promise<string[]> {
  const api = new DataApi({
    redshift: model.client,
    workgroup: 'lake',
    database: 'lake',
    clock: { ...systemClock, sleep: async () => {} },
  });
  const closed = await closeAccess(api, access);
  return openAccess(api, access, closed, false);
}

let tooMuch: string[] = [];
beforeEach(() => {
  tooMuch = [];
});
afterEach(() => expect(tooMuch).toEqual([]));

/** Whoever may select is let by a policy of the role, through its masks, on a protected table, by copies with rows. */
function watch(model: RedshiftModel, ...known: readonly RedshiftStatements[]): void {
  const masksFor = known.map((access) =>
    makeAll(access).flatMap(
      (one) => /^ATTACH MASKING POLICY (.*) TO ROLE (\S+) /.exec(one)?.slice(1, 3).join(' TO ') ?? [],
    ),
  );
  const onPair = (all: Iterable<string>, table: string, role: string) =>
    [...all].filter((one) => one.includes(` ON ${table} (`) && one.endsWith(` TO ${role}`)).sort();
  const open = (table: string, role: string): boolean => {
    const policies = [...model.attached].filter((one) => one.endsWith(` ON ${table} TO ${role}`));
    const using = model.policies.get(policies[0]?.split(' ')[0] ?? '');
    const masks = String(onPair(model.masked, table, role));
    return (
      model.isProtected.has(table) &&
      policies.length === 1 &&
      [...model.copies].every(([copy, isFilled]) => isFilled || !using!.includes(copy)) &&
      masksFor.some((all) => String(onPair(all, table, role)) === masks)
    );
  };
  model.watch = () => {
    for (const grant of model.grants.keys())
      if (!open(...(grant.split(' TO ') as [string, string]))) tooMuch.push(grant);
  };
}

describe('A load makes Redshift hold to access.yaml', () => {
  it('and does nothing where it does already', async () => {
    const model = new RedshiftModel();
    const access = accessOf();
    watch(model, access);
    expect(await load(model, access)).toEqual([]);
    expect(model.grants.size).toBe(access.units.filter(({ opens }) => opens).length);
    const before = model.state;
    model.statements.length = 0;
    await load(model, access);
    expect(model.state).toEqual(before);
    expect(model.statements).toHaveLength(4);
  });

  it('touches of a changed policy what has changed, and keeps roles, which people have', async () => {
    const model = new RedshiftModel();
    const [before, after] = [accessOf(), accessOf(MASKED)];
    await load(model, before);
    model.statements.length = 0;
    watch(model, before, after);
    await load(model, after);
    expect(model.statements.filter((one) => /^(CREATE|DROP) ROLE/.test(one))).toEqual([]);
    expect(model.statements.filter((one) => one.startsWith('GRANT SELECT ('))).toEqual([
      expect.stringContaining('TO ROLE "lake/analyst/research"'),
    ]);
    const clean = new RedshiftModel();
    await load(clean, after);
    expect(model.state).toEqual(clean.state);
  });

  it('wherever a load is broken off, shows nobody too much, and the next one ends the same', async () => {
    const [before, after] = [accessOf(), accessOf(NARROWER)];
    const clean = new RedshiftModel();
    await load(clean, after);
    for (let at = 1; ; at += 5) {
      const model = new RedshiftModel();
      watch(model, before, after);
      await load(model, before);
      const first = model.statements.length;
      model.killAt = first + at;
      const isDone = await load(model, after).then(
        () => true,
        () => false,
      );
      model.killAt = Number.POSITIVE_INFINITY;
      await load(model, after);
      expect(model.state, `killed at ${at}`).toEqual(clean.state);
      if (isDone) break;
    }
  });

  it('closes a table whose columns change before its rows are replaced', async () => {
    const model = new RedshiftModel();
    await load(model, accessOf());
    const { 'sis.grades': grades, ...rest } = TABLES;
    const columns = grades!.columns.filter(({ name }) => name !== 'grade');
    const api = new DataApi({ redshift: model.client, workgroup: 'l', database: 'l', clock: systemClock });
    const access = accessOf(POLICY, { ...rest, 'sis.grades': { ...grades!, columns } });
    const closed = await closeAccess(api, access);
    expect([...model.grants.keys()].filter((one) => one.startsWith('"sis"."grades"'))).toEqual([]);
    expect([...model.grants.keys()].filter((one) => one.startsWith('"sis"."persons"'))).not.toEqual([]);
    await openAccess(api, access, closed, true);
    expect(model.grants.get('"sis"."grades" TO "lake/analyst/research"')).not.toContain('"grade"');
  });

  it('opens no table where Redshift refuses a part of it, and says so', async () => {
    const model = new RedshiftModel();
    watch(model, accessOf());
    model.refuses =
      /^ALTER TABLE "sis"."persons" ROW LEVEL SECURITY ON$|^CREATE MASKING POLICY .* WITH \(v decimal/;
    const remarks = await load(model, accessOf());
    expect([...model.grants.keys()].filter((one) => one.startsWith('"sis"."persons"'))).toEqual([]);
    expect([...model.grants.keys()]).not.toContain('"sis"."grades" TO "lake/analyst/research"');
    expect([...model.grants.keys()]).toContain('"sis"."grades" TO "lake/instructor/teaching"');
    expect(remarks).toContainEqual(
      expect.stringMatching(/^sis\.grades is not open to the role analyst \(research\) in the warehouse: /),
    );
    model.refuses = /^$/;
    expect(await load(model, accessOf())).toEqual([]);
    const clean = new RedshiftModel();
    await load(clean, accessOf());
    expect(model.state).toEqual(clean.state);
  });

  it('names the tables whose rules ask for what the warehouse does not have', async () => {
    const { 'sis.advising': _, ...served } = TABLES;
    const model = new RedshiftModel();
    expect(await load(model, accessOf(POLICY, served))).toEqual([
      'the role adviser (advising) does not see sis.persons, sis.grades in the warehouse: its rules ask for what is not there',
      'the role adviser (aid) does not see sis.persons, sis.grades in the warehouse: its rules ask for what is not there',
    ]);
    expect([...model.grants.keys()].filter((one) => one.includes('adviser'))).toEqual([]);
  });

  it('leaves nothing of it without access.yaml', async () => {
    const model = new RedshiftModel();
    const access = accessOf();
    watch(model, access);
    await load(model, access);
    await load(model, undefined);
    const empty = new RedshiftModel();
    expect(model.state).toEqual(empty.state);
  });
});
