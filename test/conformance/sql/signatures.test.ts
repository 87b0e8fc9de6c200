import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTrino, type Trino } from '../athena/trino.ts';
import { trinoQuery } from '../athena/trino-client.ts';

/** No table is read, so nothing need answer here. */
const NO_AWS = 'http://127.0.0.1:9';
const FILE = new URL('../../../src/sql/signatures/trino-functions.json', import.meta.url);

/** With SIGNATURES_RECORD=1 the list is written down rather than compared. TRINO_URL names a server that runs already. */
const { TRINO_URL, SIGNATURES_RECORD } = process.env;

type Listed = { [name: string]: string[] };

describe("Trino's functions", () => {
  let trino: Pick<Trino, 'url' | 'stop'>;
  beforeAll(async () => {
    trino = TRINO_URL ? { url: TRINO_URL, stop: async () => {} } : await startTrino(NO_AWS);
  });
  afterAll(() => trino?.stop());

  it('have the signatures that were recorded', async () => {
    const { rows } = await trinoQuery(trino.url, 'SHOW FUNCTIONS');
    const functions: Listed = {};
    for (const [name, result, parameters, kind] of rows as string[][]) {
      // Those of tables come from the connectors, and no statement of the lake calls one.
      if (kind === 'table') continue;
      const signature = `${kind} (${spaceless(parameters!)}) ${spaceless(result!)}`;
      const known = functions[name!] ?? [];
      functions[name!] = known.includes(signature) ? known : [...known, signature];
    }
    const version = (await trinoQuery(trino.url, 'SELECT node_version FROM system.runtime.nodes'))
      .rows[0]![0];
    const found = { source: 'SHOW FUNCTIONS', version, functions };
    if (SIGNATURES_RECORD === '1') writeFileSync(FILE, `${textOf(found)}\n`);
    else expect(found).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
  });
});

/** The words of a type without the blanks after its commas. */
const spaceless = (text: string): string => text.replaceAll(/,\s+/g, ',');

/** A line for each function, so that a change shows as one. */
function textOf({ functions, ...about }: { functions: Listed; source: string; version: unknown }): string {
  const lines = Object.entries(functions).map(
    ([name, signatures]) => `    ${JSON.stringify(name)}: ${JSON.stringify(signatures)}`,
  );
  const head = Object.entries(about).map(([key, value]) => `  "${key}": ${JSON.stringify(value)},`);
  return `{\n${head.join('\n')}\n  "functions": {\n${lines.join(',\n')}\n  }\n}`;
}
