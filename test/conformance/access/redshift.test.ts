import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, it } from 'vitest';
import type { RedshiftStatements } from '../../../src/ports/warehouse-access.ts';
import { makeAll, redshiftAccess, typedTables, undoAll } from '../../../src/warehouse/redshift-access.ts';
import { COLLEGE, KNOWN, POLICY, readPolicy } from '../../access/college.ts';
import { pythonVenv } from '../python-venv.ts';

/**
 * What sqlfluff 4.5 does not know of Redshift.
 * Source: https://docs.aws.amazon.com/redshift/latest/dg/, pages r_ALTER_TABLE, r_DROP_ROLE, r_GRANT
 */
const UNKNOWN =
  /^(ALTER TABLE "\w+"\."\w+" ROW LEVEL SECURITY (ON|OFF)|DROP ROLE "[\w/]+" FORCE|GRANT SELECT ON lake_access\."?\w+"? TO RLS POLICY "\w+")$/;

let python: string;
let said: RedshiftStatements;
beforeAll(async () => {
  python = join(
    await pythonVenv('redshift-parsers', join(import.meta.dirname, 'redshift-requirements.txt')),
    'python',
  );
  const masks = POLICY.replace('sis.persons.name: first_letter', 'sis.persons.name: last_four').replace(
    '    deny: [sis.advising]',
    '      sis.persons.email: email_domain\n      sis.sections.section_id: band 10\n    deny: [sis.advising]',
  );
  const served = typedTables(KNOWN, Object.keys(COLLEGE));
  said = redshiftAccess(readPolicy(masks).policy!, KNOWN, served, 'dashboard');
}, 600_000);

async function faultsOf(statements: readonly string[]): Promise<string[][]> {
  const child = spawn(python, [join(import.meta.dirname, 'parse_redshift.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(statements));
  return JSON.parse(await text(child.stdout));
}

it('every statement for Redshift is one of its SQL', async () => {
  const all = [...makeAll(said), ...undoAll(said)];
  expect(said.notOpened).toEqual([]);
  expect(all.length).toBeGreaterThan(60);
  expect(await faultsOf(all.filter((one) => !UNKNOWN.test(one)))).toEqual([]);
}, 300_000);

it('the parsers notice statements that are none', async () => {
  const broken = [
    'GRANT SELECT ("a" ON t TO ROLE r',
    'CREATE RLS POLICY p WITH (a bigint) AS t0 USING (t0.a = )',
  ];
  expect(await faultsOf(broken)).toHaveLength(2);
});
