import { count } from '../../../src/notify/words.ts';
import type { CheckedOutcome } from './open.ts';
import type { TeardownPlan } from './plan.ts';
import type { TeardownEvent } from './teardown.ts';

/** The plan as a person reads it before anything is touched. */
export function planInWords({ lake, waves, stays, survivors, buckets }: TeardownPlan): string {
  const stacks = waves.flat();
  if (stacks.length === 0 && stays.length === 0) return `Nothing is deployed of the lake ${lake} here.`;
  const resources = stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
  return [
    ...section(
      `Destroyed, in this order (${count(stacks.length, 'stack')}, ${count(resources, 'resource')})`,
      waves.map((wave) => wave.map(({ name }) => name).join(', ')),
    ),
    ...section(
      'Emptied first, all versions: DATA IS DELETED',
      buckets.map((bucket) => `bucket ${bucket}`),
    ),
    ...section(
      'Stays as it is',
      stays.map(({ stack, why }) => `${stack}: ${why}`),
    ),
    ...section(
      'Survives its stack',
      survivors.flatMap(({ what, why, toDelete }) => [`${what}: ${why}`, `  to delete it: ${toDelete}`]),
    ),
    'Not touched: secrets made by hand, the bootstrap stack CDKToolkit with the code of the functions.',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}

/** What became of it. */
export function outcomeInWords({ deleted, failed, left }: CheckedOutcome, { lake }: TeardownPlan): string {
  const lines = failed.flatMap(({ stack, stuck }) => [
    `${stack} would not go:`,
    ...stuck.flatMap(({ id, type, reason, next }) => [`  ${id || type}: ${reason}`, `    next: ${next}`]),
  ]);
  for (const stack of left)
    lines.push(`${stack} is still deployed, though CloudFormation reported it as deleted`);
  const verdict =
    lines.length === 0
      ? `Taken down of the lake ${lake}: ${count(deleted.length, 'stack')}.`
      : `${count(deleted.length, 'stack')} gone. Fix the cause and run the teardown again: it continues from here.`;
  return [...lines, verdict].join('\n');
}

/** A line of progress for one thing at most so often. */
const EVERY_MS = 10_000;

/** A line for each stack that begins or ends, and one in ten seconds of what goes on in it. */
export function watchTeardown(write: (line: string) => void): (event: TeardownEvent) => void {
  const spoken = new Map<string, number>();
  return (event) => {
    if (event.type !== 'progress') {
      const says = { deleting: 'is being deleted …', gone: 'is gone', stuck: 'WOULD NOT GO' };
      write(`  ${event.stack} ${says[event.type]}\n`);
      return;
    }
    const { about, text } = event;
    if (Date.now() - (spoken.get(about) ?? 0) < EVERY_MS) return;
    spoken.set(about, Date.now());
    write(`    ${about}: ${text}\n`);
  };
}
