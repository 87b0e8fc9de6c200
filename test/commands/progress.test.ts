import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { showInLines } from '../../bin/progress/lines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('says which tables a stage waits for, and no longer than they say so', () => {
  const lines: string[] = [];
  const { on } = showInLines((line) => lines.push(line.trim())).subscriber;
  const title = 'Load canvas';
  const tell = (text?: string) =>
    on({ type: 'progress', about: 'canvas.users', done: text === undefined ? { bytes: 1 } : { text } });

  on({ type: 'stage', title, state: 'started' });
  on({ type: 'items', title, done: 20, total: 36, failed: 0 });
  tell('its job is running at the source, 1 min');
  vi.advanceTimersByTime(11_000);
  tell('its job is running at the source, 2 min');
  vi.advanceTimersByTime(11_000);
  tell();

  expect(lines).toEqual([
    'Load canvas …',
    'Load canvas: 20 of 36 after 11.0 s; canvas.users: its job is running at the source, 2 min',
    'Load canvas: 20 of 36 after 22.0 s',
  ]);
});

it('forgets what a stage waited for when it has ended', () => {
  const lines: string[] = [];
  const { on } = showInLines((line) => lines.push(line.trim())).subscriber;

  on({ type: 'stage', title: 'Load sis', state: 'started' });
  on({ type: 'progress', about: 'sis', done: { text: '19 of 22 tables' } });
  on({ type: 'stage', title: 'Load sis', state: 'done' });
  on({ type: 'stage', title: 'Build the models', state: 'started' });
  vi.advanceTimersByTime(11_000);
  on({ type: 'items', title: 'Build the models', done: 3, total: 19, failed: 0 });

  expect(lines.at(-1)).toBe('Build the models: 3 of 19 after 11.0 s');
});
