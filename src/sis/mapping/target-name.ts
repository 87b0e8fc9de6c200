import { RuleIndex } from './locate.ts';
import type { TableMappings } from './parse.ts';
import { renamed } from './rename.ts';

/** Where a table of the source goes: its schema and name after the renaming rules, of which the lowest id counts. */
export function targetNames(
  mappings: TableMappings,
): (schema: string, table: string) => { schema: string; name: string } {
  const schemas = new RuleIndex(mappings.schemas);
  const tables = new RuleIndex(mappings.tables);
  return (schema, table) => {
    const [ofSchema] = schemas.of(schema, table);
    const [ofTable] = tables.of(schema, table);
    return {
      schema: ofSchema ? renamed(schema, ofSchema.rule) : schema,
      name: ofTable ? renamed(table, ofTable.rule) : table,
    };
  };
}
