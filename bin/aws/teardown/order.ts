import { TeardownError } from './errors.ts';

interface Dependent {
  readonly name: string;
  readonly after: readonly string[];
}

/**
 * The order in which stacks go: dependents first. Those of one wave do not need each other and go at once.
 * @throws TeardownError for stacks that depend on each other, which no deployment makes
 */
export function wavesOf<T extends Dependent>(stacks: readonly T[]): T[][] {
  const waves: T[][] = [];
  let left = [...stacks];
  while (left.length > 0) {
    const needed = new Set(left.flatMap(({ name, after }) => after.filter((one) => one !== name)));
    const free = left.filter(({ name }) => !needed.has(name));
    if (free.length === 0) {
      const names = left.map(({ name }) => name).join(', ');
      throw new TeardownError(`These stacks depend on each other: ${names}`, {
        hint: 'Delete one of them by hand, then run the teardown again.',
      });
    }
    waves.push(free);
    left = left.filter((one) => !free.includes(one));
  }
  return waves;
}

/** What these depend on, directly or not. */
export function groundOf(names: Iterable<string>, stacks: readonly Dependent[]): Set<string> {
  const below = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const one of stacks.find((stack) => stack.name === name)?.after ?? []) {
      if (below.has(one)) continue;
      below.add(one);
      open.push(one);
    }
  }
  return below;
}
