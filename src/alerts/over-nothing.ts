import type { EmptyTable } from '../ports/feature.ts';
import type { Uses } from '../ports/step.ts';
import { CURRENT_SQL, currentTable } from './current-table.ts';

/** `campus.alerts` without rows, for its columns. */
export async function overNothing({ platform }: Uses<'engine'>): Promise<EmptyTable[]> {
  const version = await currentTable(platform.engine, [], undefined, 0, 'dictionary');
  return [{ file: 'alerts.sql', text: CURRENT_SQL, version }];
}
