import type { Machine, State } from './asl.ts';

/** States of one machine and of the machines inside of it; all their names differ, as Step Functions wants it. */
export class Drawing {
  readonly #states: [string, State][] = [];
  readonly #names: Set<string>;

  constructor(names = new Set<string>()) {
    this.#names = names;
  }

  /** A machine of its own, for a branch or an item. */
  inner(): Drawing {
    return new Drawing(this.#names);
  }

  /** A name for a state; Step Functions allows 80 characters. */
  name(wanted: string): string {
    const short = wanted.length > 74 ? `${wanted.slice(0, 73)}…` : wanted;
    let name = short;
    for (let n = 2; this.#names.has(name); n++) name = `${short} ${n}`;
    this.#names.add(name);
    return name;
  }

  /** @returns the name under which the state is known */
  add(wanted: string, state: State): string {
    const name = this.name(wanted);
    this.put(name, state);
    return name;
  }

  /** Adds a state under a name that was made before it, because others lead there already. */
  put(name: string, state: State): void {
    this.#states.push([name, state]);
  }

  /** The machine that begins there. States are drawn from the last to the first; people read the other way. */
  machine(start: string): Machine {
    return { StartAt: start, States: Object.fromEntries(this.#states.toReversed()) };
  }
}
