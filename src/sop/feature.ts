import type { Feature } from '../ports/feature.ts';

/** Procedures that people write and the lake carries out step by step. */
export const sop: Feature = {
  name: 'sop',
  commands: [
    {
      name: 'procedure',
      description: 'written procedures: list, check and show them',
      load: async () => (await import('./commands/define.ts')).defineProcedure,
    },
  ],
};
