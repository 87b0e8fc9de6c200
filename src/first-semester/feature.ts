import type { Feature } from '../ports/feature.ts';
import { attentionList, highlight } from './highlight.ts';

/** Which students may need attention in their first semester: what the notification and the demo say of that model. */
export const firstSemester: Feature = {
  name: 'first-semester',
  highlight,
  lists: [attentionList],
  summary: async (lake, run) => (await import('./summary.ts')).summaryOf(lake, run),
};
