import type { Lake } from '../../../ports/step.ts';
import type { Tool } from '../../../sop/tool.ts';
import { accessTools } from './access.ts';
import { healthTools } from './health.ts';
import { queryTools } from './query.ts';
import { subjectTools } from './subject.ts';

/** The tools that every lake has, by their names. */
export const lakeTools = (lake: Lake): Map<string, Tool> =>
  new Map(
    [queryTools, healthTools, subjectTools, accessTools]
      .flatMap((tools) => tools(lake))
      .map((tool) => [tool.name, tool]),
  );
