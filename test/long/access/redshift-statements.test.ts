import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAll, redshiftAccess, typedTables } from '../../../src/warehouse/redshift-access.ts';
import { COLLEGE, KNOWN, POLICY, readPolicy, sessionOf } from '../../access/college.ts';
import { MATRIX } from '../../access/matrix.ts';
import { openPostgresCollege, type PostgresCollege } from '../../access/postgres-college.ts';

const said = redshiftAccess(
  readPolicy(POLICY).policy!,
  KNOWN,
  typedTables(KNOWN, Object.keys(COLLEGE)),
  'dashboard',
);
const make = makeAll(said);

let college: PostgresCollege;
beforeAll(async () => {
  college = await openPostgresCollege();
  await college.loadWhole('p1');
  for (const sql of make.filter((one) => /^(CREATE (SCHEMA|TABLE)|DELETE|INSERT) /.test(one)))
    await college.owner(sql);
}, 60_000);
afterAll(() => college?.close());

/** What Redshift makes of the statements for a role: its columns as they are masked, under the role's policy. */
function statementFor(asking: string, table: string): string | undefined {
  const { role, purpose, principal } = sessionOf(asking);
  const group = `ROLE "lake/${role}/${purpose}"`;
  const on = table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
  const partOf = (pattern: RegExp) => make.flatMap((one) => pattern.exec(one)?.slice(1) ?? []);
  const escaped = (part: string) => part.replaceAll(/[.()*+?^$|[\]{}\\]/g, '\\$&');
  const [columns] = partOf(new RegExp(`^GRANT SELECT \\((.*)\\) ON ${escaped(on)} TO ${escaped(group)}$`));
  if (columns === undefined) return undefined;
  const [policy] = partOf(new RegExp(`^ATTACH RLS POLICY (\\S+) ON ${escaped(on)} TO ${escaped(group)}$`));
  const [using] = partOf(new RegExp(`^CREATE RLS POLICY ${policy} WITH \\(.*\\) AS t0 USING \\((.*)\\)$`));
  const shown = columns!.split(', ').map((column) => {
    const [mask] = partOf(
      new RegExp(`^ATTACH MASKING POLICY (\\S+) ON ${escaped(on)} \\(${column}\\) TO ${escaped(group)} `),
    );
    if (mask === undefined) return `t0.${column}`;
    const [masked] = partOf(
      new RegExp(`^CREATE MASKING POLICY ${mask} WITH \\(v [^)]*(?:\\([^)]*\\))?\\) USING \\((.*)\\)$`),
    );
    return `(SELECT ${masked} FROM (SELECT t0.${column} AS v) x) AS ${column}`;
  });
  return `SELECT ${shown.join(', ')} FROM ${on} AS t0 WHERE ${using}`.replaceAll(
    'current_user',
    `'${principal}'`,
  );
}

describe('The statements for Redshift show what the matrix says', () => {
  const cases = Object.entries(MATRIX).flatMap(([asking, tables]) =>
    Object.entries(tables).map(([table, expected]) => ({ asking, table, expected })),
  );

  it.each(cases)('$asking: $table', async ({ asking, table, expected }) => {
    const { role, purpose, principal, attributes } = sessionOf(asking);
    const known = Object.entries(attributes).length > 0 ? Object.entries(attributes) : [['', '']];
    await college.owner('DELETE FROM lake_access.logins');
    for (const [name, value] of known)
      await college.owner(
        `INSERT INTO lake_access.logins VALUES ('${principal}', '${role}', '${purpose}', '${name}', '${value}')`,
      );
    const select = statementFor(asking, table);
    if (!expected) return expect(select).toBeUndefined();
    const rows = await college.owner<{ row: unknown[] }>(
      `SELECT json_build_array(${expected.columns.map((column) => `CAST("${column}" AS varchar)`).join(', ')}) AS row FROM (${select}) s`,
    );
    const inText = expected.rows.map((row) =>
      JSON.stringify(row.map((cell) => (cell === null ? null : String(cell)))),
    );
    expect(rows.map(({ row }) => JSON.stringify(row)).sort()).toEqual(inText.sort());
    await college.owner(`UPDATE lake_access.logins SET role = 'other'`);
    expect(await college.owner(select!)).toEqual([]);
  });

  it('and nothing to a login without the attribute of its role, or with two values of it', async () => {
    const select = statementFor('adviser F1', 'sis.persons')!;
    const logins = (...attributes: string[]) =>
      college.owner(
        `DELETE FROM lake_access.logins; INSERT INTO lake_access.logins VALUES ${attributes.map((one) => `('F1', 'adviser', 'advising', ${one})`).join(', ')}`,
      );
    await logins("'person', 'F1'");
    expect(await college.owner(select)).toHaveLength(2);
    await logins("'', ''");
    expect(await college.owner(select)).toEqual([]);
    await logins("'person', 'F1'", "'person', 'F2'");
    expect(await college.owner(select)).toEqual([]);
  });
});
