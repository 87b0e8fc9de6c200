import type { Feature } from '../ports/feature.ts';
import { PROCEDURE_STEPS } from './execution/tables.ts';

/** Procedures that people write and the lake carries out step by step. */
export const sop: Feature = {
  name: 'sop',
  opsTables: [PROCEDURE_STEPS],
  people: { load: async () => (await import('./people.ts')).peopleOfRuns },
  commands: [
    {
      name: 'procedure',
      description: 'written procedures: check them, carry them out step by step, answer what they ask',
      load: async () => (await import('./commands/define.ts')).defineProcedure,
    },
  ],
};
