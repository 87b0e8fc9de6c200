import { debugLog } from '../../../debug-log.ts';
import type { Usage, Utilisation } from '../../../ports/metering.ts';
import type { EngineContext } from '../athena/engine-context.ts';
import { EventLog } from './event-log.ts';
import { eventsOf } from './submit-job.ts';

/** A log of more parts is left unread: Spark begins a new part at 128 MB, and the function that asks has other work. */
const MOST_PARTS = 2;

/**
 * What the event log of a run of the Spark job tells, and the keys of its files. Glue writes one file, or a folder of
 * parts (`events_1_…`) beside a mark of the status. A log that is missing or cannot be read tells nothing: the job is
 * what matters.
 */
export async function readEvents(
  { objects }: Pick<EngineContext, 'objects'>,
  task: string,
): Promise<{ usage: Usage & Utilisation; keys: string[] }> {
  const log = new EventLog();
  let keys: string[] = [];
  try {
    keys = await objects.list(`${eventsOf(task)}/`);
    const parts = inOrder(keys);
    if (parts.length > MOST_PARTS) return { usage: {}, keys };
    for (const key of parts) for (const line of linesOf(await objects.getText(key))) log.line(line);
  } catch (error) {
    debugLog(`the event log of ${task}`, error);
    return { usage: {}, keys };
  }
  return { usage: log.usage(), keys };
}

function* linesOf(text = ''): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end === -1 ? undefined : end);
    if (end === -1) return;
    from = end + 1;
  }
}

/** Parts are numbered: the second comes before the tenth. */
function inOrder(keys: readonly string[]): string[] {
  const partOf = (key: string) => Number(/events_(\d+)_/.exec(key)?.[1] ?? 0);
  return keys.filter((key) => !/appstatus_/.test(key)).sort((a, b) => partOf(a) - partOf(b));
}
