import type { Feature } from '../ports/feature.ts';
import { QUESTIONS } from './tables.ts';

/** Answers questions in words: why data are late or wrong, how tables are, what there is. */
export const assistant: Feature = {
  name: 'assistant',
  opsTables: [QUESTIONS],
  commands: [
    {
      name: 'ask',
      description: 'ask in words: why something is late or wrong, how it is, which table has it',
      load: async () => (await import('./commands/ask.ts')).defineAsk,
    },
  ],
};
