import type { RunEvent } from '../../src/pipeline/events.ts';
import { type Progress, tally } from './display.ts';

/** How often a stage that goes on for long says where it is. */
const EVERY_MS = 10_000;

/** For logs and pipes: a line when a stage starts and ends, a line every ten seconds in between, and each remark. */
export function watchInLines(write: (line: string) => void): Progress {
  const started = new Map<string, number>();
  const counts = new Map<string, string>();
  let spoken = Date.now();

  const seconds = (title: string) => ((Date.now() - (started.get(title) ?? Date.now())) / 1000).toFixed(1);
  const counted = (title: string) => (counts.has(title) ? ` (${counts.get(title)})` : '');

  function watch(event: RunEvent): void {
    switch (event.type) {
      case 'stage':
        if (event.state === 'started') {
          started.set(event.title, Date.now());
          write(`  ${event.title} …`);
        } else {
          const verdict = event.state === 'done' ? 'done' : 'FAILED';
          write(`  ${event.title} ${verdict} in ${seconds(event.title)} s${counted(event.title)}`);
        }
        return;
      case 'items':
        counts.set(event.title, tally(event));
        if (Date.now() - spoken > EVERY_MS) {
          spoken = Date.now();
          write(`  ${event.title}: ${tally(event)} after ${seconds(event.title)} s`);
        }
        return;
      case 'note':
        write(`    ${event.about}: ${event.text}`);
        return;
      case 'progress':
        return;
    }
  }
  return { watch, finish: async () => {} };
}
