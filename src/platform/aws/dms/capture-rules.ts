import type { Json } from '../../../json.ts';
import { ADDED_COLUMNS } from '../../../sis/change-columns.ts';

/** Bytes that these rules add to the mappings of a task, with some to spare. */
export const CAPTURE_BYTES = 1_024;

/**
 * The mappings of a task that captures changes: with the column that tells their order, and without DMS's own tables,
 * of which the heartbeat is one.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.Expressions.html
 */
export function withCaptureRules(mappings: Json): Json {
  const { rules } = mappings as { rules: { readonly [key: string]: Json }[] };
  const first = Math.max(...rules.map((rule) => Number(rule['rule-id']))) + 1;
  const everyTable = { 'schema-name': '%', 'table-name': '%' };
  const own: { readonly [key: string]: Json }[] = [
    {
      'rule-type': 'selection',
      'rule-action': 'exclude',
      'object-locator': { 'schema-name': '%', 'table-name': 'awsdms[_]%' },
    },
    {
      'rule-type': 'transformation',
      'rule-target': 'column',
      'rule-action': 'add-column',
      'object-locator': everyTable,
      value: ADDED_COLUMNS.sequence,
      expression: '$AR_H_CHANGE_SEQ',
      'data-type': { type: 'string', length: 50 },
    },
  ];
  const named = own.map((rule, i) => ({
    ...rule,
    'rule-id': String(first + i),
    'rule-name': `capture-${first + i}`,
  }));
  return { rules: [...rules, ...named] };
}
