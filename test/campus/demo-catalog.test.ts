import { beforeAll, describe, expect, it } from 'vitest';
import type { Campus, Catalog } from '../../src/campus/campus.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { treatmentOf } from '../../src/campus/treatment.ts';
import { schemaAnswer } from '../../src/lms/canvas/dap-schema.ts';
import { jsonSchemaOf } from '../../src/simulators/canvas/schema/json-schema.ts';
import { offeredTables } from '../../src/simulators/canvas/schema/tables-of-college.ts';
import { generateCollege } from '../../src/simulators/college/generate.ts';
import { travelType } from '../../src/sis/types.ts';

const college = generateCollege({ students: 5, seed: 1, days: 5 });
let campus: Campus;
let catalog: Catalog;
beforeAll(async () => {
  ({ campus, catalog } = await loadCampus(new URL('../..', import.meta.url).pathname));
});

/** The catalog's columns of a table as `name type`, by their names at the source; undefined where it has none. */
function described(source: string, namespace: string, table: string) {
  const dataset = catalog.datasets.find(
    (d) => d.source === source && d.namespace === namespace && d.table === table,
  );
  return (
    dataset && {
      key: dataset.key,
      columns: dataset.columns.map((c) => `${c.source ?? c.name} ${c.type}`).sort(),
    }
  );
}

/** `lake discover` mends what fails here. */
describe('the catalog of the demo campus', () => {
  it('describes every table of its student information system as it is', () => {
    for (const { namespace, name, key, columns } of college.sis.tables) {
      const expected = columns.map((c) => `${c.name} ${travelType(postgresName(c.type)).lake}`).sort();
      expect(described('sis', namespace, name), name).toEqual({ key, columns: expected });
    }
  });

  it('describes every table of its Canvas as it is', () => {
    for (const { table } of offeredTables(college)) {
      if (!['canvas', 'canvas_logs'].includes(table.namespace)) continue;
      const { columns } = schemaAnswer.parse({ version: 1, schema: jsonSchemaOf(table) });
      const key = columns.filter((c) => c.section === 'key').map((c) => c.name);
      const expected = columns.map((c) => `${c.name} ${c.type}`).sort();
      expect(described('canvas', table.namespace, table.name), table.name).toEqual({
        key,
        columns: expected,
      });
    }
  });

  it('loads no column that must stay outside', () => {
    const sensitive =
      /^(ssn|race|religion|visa_type|citizenship|bank_\w+|.*_ip|user_agent|body|message|comment|notes)$/;
    const kept = catalog.datasets
      .filter((d) => d.load !== 'off')
      .flatMap((d) =>
        d.columns.filter((c) => treatmentOf(campus, c) !== 'exclude').map((c) => `${d.id}.${c.name}`),
      )
      .filter((id) => sensitive.test(id.split('.')[2]!));
    expect(kept).toEqual([]);
  });

  it('gives every loaded dataset an owner and a description', () => {
    const bare = catalog.datasets.filter((d) => d.load !== 'off' && !(d.owner && d.description));
    expect(bare.map((d) => d.id)).toEqual([]);
  });
});

/** Types of the college are written short; `format_type` writes them in full. */
function postgresName(type: string): string {
  const full: Record<string, string> = {
    timestamptz: 'timestamp with time zone',
    timestamp: 'timestamp without time zone',
    time: 'time without time zone',
    timetz: 'time with time zone',
  };
  return full[type] ?? type.replace(/^varchar/, 'character varying').replace(/^char\b/, 'character');
}
