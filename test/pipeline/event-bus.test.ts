import { setImmediate as later } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import type { EventSubscriber, RunEvent } from '../../src/ports/events.ts';

const note = (text: string): RunEvent => ({ type: 'note', about: 'canvas.users', text });
const words = (events: readonly RunEvent[]) =>
  events.map((event) => (event.type === 'note' ? event.text : event.type));

/** A subscriber that needs a turn of the process for each event, until it is let go. */
function slow(heard: RunEvent[]) {
  let letGo: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const subscriber: EventSubscriber = {
    name: 'slow',
    async on(event) {
      await gate;
      heard.push(event);
    },
  };
  return { subscriber, letGo };
}

describe('Events of a run', () => {
  it('are heard by every subscriber at once and in their order', () => {
    const [one, two]: RunEvent[][] = [[], []];
    const events = openEvents(
      { name: 'one', on: (event) => void one!.push(event) },
      { name: 'two', on: (event) => void two!.push(event) },
    );
    for (const text of ['a', 'b', 'c']) events.publish(note(text));
    expect([words(one!), words(two!)]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  it.each<[string, EventSubscriber['on']]>([
    [
      'throws',
      () => {
        throw new Error('no terminal');
      },
    ],
    ['fails later', () => Promise.reject(new Error('no network'))],
    ['never answers', () => new Promise(() => {})],
  ])('reach the others where one subscriber %s', async (_what, on) => {
    const heard: RunEvent[] = [];
    const events = openEvents({ name: 'bad', on }, { name: 'good', on: (event) => void heard.push(event) });

    for (const text of ['a', 'b']) expect(() => events.publish(note(text))).not.toThrow();
    await events.settled(20);

    expect(words(heard)).toEqual(['a', 'b']);
  });

  it('wait for a slow subscriber, one after the other, and nobody waits for it', async () => {
    const heard: RunEvent[] = [];
    const { subscriber, letGo } = slow(heard);
    const events = openEvents(subscriber);
    for (const text of ['a', 'b', 'c']) events.publish(note(text));
    await events.settled(1);
    expect(heard).toEqual([]);

    letGo();
    await events.settled(1000);

    expect(words(heard)).toEqual(['a', 'b', 'c']);
  });

  it('that later ones supersede are left out where a slow subscriber falls far behind', async () => {
    const heard: RunEvent[] = [];
    const { subscriber, letGo } = slow(heard);
    const events = openEvents(subscriber);
    events.publish(note('first'));
    for (let rows = 0; rows < 3000; rows++) {
      events.publish({ type: 'progress', about: 'canvas.users', done: { rows } });
      if (rows % 1000 === 0) events.publish(note(`at ${rows}`));
    }
    letGo();
    await events.settled(1000);

    expect(words(heard).filter((word) => word !== 'progress')).toEqual([
      'first',
      'at 0',
      'at 1000',
      'at 2000',
    ]);
    expect(heard.length).toBeLessThan(1010);
    expect(heard.at(-1)).toMatchObject({ done: { rows: 2999 } });
  });

  it('are not heard after the end of a subscription, and from its beginning on', async () => {
    const heard: RunEvent[] = [];
    const events = openEvents();
    events.publish(note('before'));
    const end = events.subscribe({ name: 'guest', on: (event) => void heard.push(event) });
    events.publish(note('during'));
    end();
    events.publish(note('after'));
    await later();
    expect(words(heard)).toEqual(['during']);
  });
});
