import type { FunctionGroup } from './group.ts';

/** Conditions, and what takes values of any type. */
export const GENERAL: FunctionGroup = {
  supported: `
    coalesce greatest if least nullif try_cast
  `,
  refused: {
    try: ['not every engine can catch an error', 'use TRY_CAST, nullif or CASE'],
    typeof: ['types have other names in every engine', 'CAST to the type that you need'],
  },
};
