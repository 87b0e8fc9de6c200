import type { RunEvent } from '../../src/ports/events.ts';
import { type Progress, tally, Waiting } from './display.ts';

/** How often a stage that goes on for long says where it is. */
const EVERY_MS = 10_000;

/** For logs and pipes: a line when a stage starts and ends, a line every ten seconds in between, and each remark. */
export function showInLines(write: (line: string) => void): Progress {
  const started = new Map<string, number>();
  const counts = new Map<string, string>();
  const waiting = new Waiting();
  let last: { readonly title: string; readonly tally: string } | undefined;
  let spoken = Date.now();

  const seconds = (title: string) => ((Date.now() - (started.get(title) ?? Date.now())) / 1000).toFixed(1);
  const counted = (title: string) => (counts.has(title) ? ` (${counts.get(title)})` : '');

  function on(event: RunEvent): void {
    switch (event.type) {
      case 'stage':
        if (event.state === 'started') {
          started.set(event.title, Date.now());
          write(`  ${event.title} …`);
        } else {
          if (last?.title === event.title) last = undefined;
          waiting.endStage();
          const verdict = event.state === 'done' ? 'done' : 'FAILED';
          write(`  ${event.title} ${verdict} in ${seconds(event.title)} s${counted(event.title)}`);
        }
        return;
      case 'items':
        last = { title: event.title, tally: tally(event) };
        counts.set(event.title, last.tally);
        speak();
        return;
      case 'note':
        write(`    ${event.about}: ${event.text}`);
        return;
      case 'progress':
        waiting.hear(event);
        speak();
        return;
    }
  }

  function speak(): void {
    if (!last || Date.now() - spoken <= EVERY_MS) return;
    spoken = Date.now();
    write(`  ${last.title}: ${last.tally} after ${seconds(last.title)} s${waiting.tail()}`);
  }
  return { subscriber: { name: 'lines', on }, finish: async () => {} };
}
