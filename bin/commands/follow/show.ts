import { colours } from '../../../src/colours.ts';
import type { FollowEvent } from '../../../src/pipeline/live/follow.ts';

export interface FollowDisplay {
  on(event: FollowEvent): void;
  end(): void;
}

/** For how long the same remark is not shown again. */
const SAID_AGAIN_MS = 3600_000;

/** One line that is kept up to date on a terminal, a line an event elsewhere, JSON lines where a program reads. */
export function showFollowing({ json }: { readonly json: boolean }): FollowDisplay {
  if (json) {
    const write = (event: FollowEvent) =>
      process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
    return { on: onlyNew(write), end: () => undefined };
  }
  const { isTTY } = process.stderr;
  const paint = colours(process.stderr);
  let status = '';
  let sum = 0;
  const clear = () => isTTY && status !== '' && process.stderr.write('\r\u001B[2K');
  const line = (text: string) => {
    clear();
    process.stderr.write(`${text}\n`);
    if (isTTY) process.stderr.write(status);
  };
  const on = (event: FollowEvent): void => {
    if (event.type !== 'round') {
      line(wordsOf(event, paint.yellow));
      return;
    }
    for (const { about, message } of event.failed) line(`${paint.red('failed')} ${about}: ${message}`);
    const changes = event.tables.reduce((all, table) => all + table.changes, 0);
    sum += changes;
    if (isTTY) {
      clear();
      status = statusOf(event, sum).slice(0, (process.stderr.columns ?? 80) - 1);
      process.stderr.write(status);
    } else if (changes > 0 || event.tables.length > 0) line(`${roundOf(event, changes)}`);
  };
  return { on: onlyNew(on), end: () => isTTY && status !== '' && process.stderr.write('\n') };
}

type Round = Extract<FollowEvent, { type: 'round' }>;

const count = (n: number, what: string) => `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
const clock = (instant: string | undefined) => (instant ?? '').slice(11, 19);
const delayOf = ({ delay }: Round) =>
  delay ? `, seen ${delay.p50.toFixed(0)} s after their commit (95 %: ${delay.p95.toFixed(0)} s)` : '';

function roundOf(event: Round, changes: number): string {
  const tables = event.tables.map(({ dataset }) => dataset);
  const named = tables.length > 4 ? `${count(tables.length, 'table')}` : tables.join(', ');
  return `${clock(event.publishedAt)} published ${count(changes, 'change')} in ${named}${delayOf(event)}`;
}

function statusOf(event: Round, sum: number): string {
  const upTo = Object.values(event.asOf).toSorted()[0];
  const changes = event.tables.reduce((all, table) => all + table.changes, 0);
  const last = changes > 0 ? `; last ${count(changes, 'change')}${delayOf(event)}` : '';
  return `followed up to ${clock(upTo)} UTC, ${count(sum, 'change')} so far${last}`;
}

function wordsOf(event: Exclude<FollowEvent, Round>, paint: (text: string) => string): string {
  switch (event.type) {
    case 'waiting':
      return `${paint('waiting')} ${event.message} ${event.hint}`;
    case 'failed':
      return `${paint('failed')} ${event.message}\n  next: ${event.hint}\n  tried again in ${count(event.retryAfterSeconds, 'second')}`;
    case 'note':
      return `${event.about}: ${event.text}`;
  }
}

/** Leaves out remarks that were shown within the last hour. */
function onlyNew(tell: (event: FollowEvent) => void): (event: FollowEvent) => void {
  const told = new Map<string, number>();
  return (event) => {
    if (event.type === 'note') {
      const key = `${event.about} ${event.text}`;
      const now = Date.now();
      for (const [old, at] of told) if (now - at > SAID_AGAIN_MS) told.delete(old);
      if (told.has(key)) return;
      told.set(key, now);
    }
    tell(event);
  };
}
