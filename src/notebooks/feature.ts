import type { Feature } from '../ports/feature.ts';

/** Notebooks: what was asked of the lake about an incident or a question, to be read, run again and gone on with. */
export const notebooks: Feature = {
  name: 'notebooks',
  commands: [
    {
      name: 'notebook',
      description: 'notebooks of Jupyter: write that of an incident, start one, run, compare, export',
      load: async () => (await import('./commands/notebook.ts')).defineNotebook,
    },
  ],
};
