import { formatText } from './format-text.ts';
import type { Item } from './stack.ts';
import { type Machine, type Word, WordFault, word } from './word.ts';

const text = (value: string): Item => ({ kind: 'text', text: value, from: 0, to: 0 });

function sized(count: number): number {
  if (count < 0) throw new WordFault(`takes a number of at least 0, and ${count} is less`);
  return count;
}

/** The item so many below the top. */
function below({ stack }: Machine, depth: number): number {
  const at = stack.length - 1 - sized(depth);
  if (at < 0) throw new WordFault(`asks for item ${depth} below the top, and the stack has ${stack.length}`);
  return at;
}

function topOf(machine: Machine): Item {
  const item = machine.stack.pop();
  if (!item) throw new WordFault('needs an item on the stack');
  return item;
}

/** Words that move what is on the stack. */
export const STACK_WORDS: readonly Word[] = [
  word('call', ['list'], 'runs a list', ([{ items }], machine) => {
    machine.run(items);
    return [];
  }),
  word('clear', [], 'removes everything', (_, machine) => {
    machine.stack = [];
    return [];
  }),
  word('depth', [], 'how many items there are', (_, { stack }) => [text(String(stack.length))]),
  word('drop', ['any'], 'removes the top', () => []),
  word('dup', ['any'], 'copies the top', ([a]) => [a, a]),
  word(
    'each',
    ['list', 'list'],
    'runs the second list for each item of the first',
    ([items, program], machine) => {
      for (const item of [...items.items].reverse()) {
        machine.stack.push(item);
        machine.run(program.items);
      }
      return [];
    },
  ),
  word(
    'map',
    ['list', 'list'],
    'the list of what the second list makes of each item',
    ([items, program], machine) => {
      const made: Item[] = [];
      for (const item of items.items) {
        machine.stack.push(item);
        machine.run(program.items);
        made.push(topOf(machine));
      }
      return [{ kind: 'list', items: made }];
    },
  ),
  word(
    'format',
    ['text', 'list'],
    'a text with the items of a list in the places of %s',
    ([pattern, { items }]) => [
      text(
        formatText(
          pattern,
          items.map((item) => {
            if (item.kind === 'text') return item.text;
            if (item.kind === 'const') return String(item.value);
            throw new WordFault('takes a list of texts and numbers');
          }),
        ),
      ),
    ],
  ),
  word('freeze', [], 'puts everything aside, where no later word reaches it', (_, machine) => {
    machine.freeze();
    return [];
  }),
  word('set', ['text', 'any'], 'gives a value a name', ([name, value], { variables }) => {
    variables.set(name, value);
    return [];
  }),
  word('sset', ['any', 'text'], 'the same with the name last', ([value, name], { variables }) => {
    variables.set(name, value);
    return [];
  }),
  word('get', ['text'], 'the value of a name', ([name], { variables }) => {
    const value = variables.get(name);
    if (!value) throw new WordFault(`finds no value of the name "${name}"`);
    return [value];
  }),
  word('fcall', ['text'], 'runs the list of a name', ([name], machine) => {
    const value = machine.variables.get(name);
    if (value?.kind !== 'list') throw new WordFault(`finds no list of the name "${name}"`);
    machine.run(value.items);
    return [];
  }),
  word('ndrop', ['integer'], 'removes so many', ([count], { stack }) => {
    stack.splice(Math.max(0, stack.length - sized(count)));
    return [];
  }),
  word('nlist', ['integer'], 'a list of so many', ([count], { stack }) => [
    { kind: 'list', items: stack.splice(Math.max(0, stack.length - sized(count))) },
  ]),
  word('list', [], 'a list of everything, the top first', (_, machine) => {
    const items = machine.stack.reverse();
    machine.stack = [];
    return [{ kind: 'list', items }];
  }),
  word('over', ['any', 'any'], 'copies the second', ([a, b]) => [a, b, a]),
  word('2over', ['any', 'any'], 'copies the first two', ([a, b]) => [a, b, a, b]),
  word('swap', ['any', 'any'], 'changes the first two round', ([a, b]) => [b, a]),
  word('nip', ['any', 'any'], 'removes the second', ([, b]) => [b]),
  word('tuck', ['any', 'any'], 'copies the top below the second', ([a, b]) => [b, a, b]),
  word('pick', ['integer'], 'copies the item so many below the top', ([depth], machine) => [
    machine.stack[below(machine, depth)]!,
  ]),
  word('roll', ['integer'], 'moves the item so many below the top to the top', ([depth], machine) => {
    const at = below(machine, depth);
    return depth === 0 ? [] : machine.stack.splice(at, 1);
  }),
  word('rot', [], 'moves the lowest item to the top', (_, { stack }) => {
    if (stack.length === 0) throw new WordFault('needs an item on the stack');
    return stack.splice(0, 1);
  }),
  word('-rot', [], 'moves the top below everything', (_, machine) => {
    machine.stack.unshift(topOf(machine));
    return [];
  }),
];
