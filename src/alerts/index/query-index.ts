import { matches, type Query, type Tags } from '../language/query.ts';
import { type Clause, type Condition, clausesOf } from './clauses.ts';
import { PrefixTree } from './prefix-tree.ts';

/** A value of the index. `seen` is the look-up that has found it last, so that none is found twice in one. */
interface Entry<T> {
  readonly value: T;
  readonly query: Query;
  seen: number;
}

interface Node<T> {
  readonly entries: Set<Entry<T>>;
  readonly branches: Map<string, Branch<T>>;
}

type Check = Exclude<Condition, { equals: string }>;

interface Checked<T> {
  readonly check: Check;
  readonly node: Node<T>;
}

/** The conditions on one key, below a node of the trie. */
interface Branch<T> {
  readonly equal: Map<string, Node<T>>;
  readonly checked: Map<string, Checked<T>>;
  readonly byPrefix: PrefixTree<Checked<T>>;
  /** Those that a datapoint without the key fulfils. */
  readonly missing: Set<Checked<T>>;
  /** By value, the nodes whose checks it fulfils. Emptied by every change of the checks. */
  readonly known: Map<string, readonly Node<T>[]>;
}

/** Values of one key whose checks are remembered; the next one empties the memory. */
const MOST_KNOWN = 4096;

const newNode = <T>(): Node<T> => ({ entries: new Set(), branches: new Map() });

/**
 * Finds the queries that tags fulfil without asking each: their clauses are paths of a trie whose edges are conditions
 * on one key, `name` first. Equal values are looked up, other conditions found by the text that a value begins with
 * and remembered by value. What a look-up costs depends on what it finds, and hardly on how many queries there are.
 * The idea is that of Atlas's: https://github.com/Netflix/spectator, `QueryIndex`.
 */
export class QueryIndex<T> {
  readonly #root = newNode<T>();
  readonly #byValue = new Map<T, Entry<T>>();
  /** Queries with too many clauses, which are asked one by one. */
  readonly #wide = new Set<Entry<T>>();
  #look = 0;

  get size(): number {
    return this.#byValue.size;
  }

  /** Adds a value; one that is there already is put under the new query. */
  add(query: Query, value: T): void {
    this.remove(value);
    const entry: Entry<T> = { value, query, seen: 0 };
    this.#byValue.set(value, entry);
    const clauses = clausesOf(query);
    if (!clauses) this.#wide.add(entry);
    else for (const clause of clauses) this.#addClause(clause, entry);
  }

  /** @returns whether it was there */
  remove(value: T): boolean {
    const entry = this.#byValue.get(value);
    if (!entry) return false;
    this.#byValue.delete(value);
    this.#wide.delete(entry);
    for (const clause of clausesOf(entry.query) ?? []) removeClause(this.#root, clause, 0, entry);
    return true;
  }

  /** The values whose queries the tags fulfil, each once, in no order. */
  find(tags: Tags): T[] {
    const found: T[] = [];
    this.#look++;
    this.#walk(this.#root, tags, found);
    for (const entry of this.#wide) if (matches(entry.query, tags)) found.push(entry.value);
    return found;
  }

  #walk(node: Node<T>, tags: Tags, found: T[]): void {
    for (const entry of node.entries) {
      if (entry.seen === this.#look) continue;
      entry.seen = this.#look;
      found.push(entry.value);
    }
    for (const [key, branch] of node.branches) {
      const value = tags.get(key);
      if (value === undefined) {
        for (const { node: next } of branch.missing) this.#walk(next, tags, found);
        continue;
      }
      const equal = branch.equal.get(value);
      if (equal) this.#walk(equal, tags, found);
      if (branch.checked.size === 0) continue;
      for (const next of fulfilled(branch, value)) this.#walk(next, tags, found);
    }
  }

  #addClause(clause: Clause, entry: Entry<T>): void {
    let node = this.#root;
    for (const [key, condition] of clause) node = childOf(node, key, condition);
    node.entries.add(entry);
  }
}

function fulfilled<T>(branch: Branch<T>, value: string): readonly Node<T>[] {
  const known = branch.known.get(value);
  if (known) return known;
  const found = branch.byPrefix
    .under(value)
    .filter(({ check }) => check.fits(value))
    .map(({ node }) => node);
  if (branch.known.size >= MOST_KNOWN) branch.known.clear();
  branch.known.set(value, found);
  return found;
}

function childOf<T>(node: Node<T>, key: string, condition: Condition): Node<T> {
  let branch = node.branches.get(key);
  if (!branch) {
    branch = {
      equal: new Map(),
      checked: new Map(),
      byPrefix: new PrefixTree(),
      missing: new Set(),
      known: new Map(),
    };
    node.branches.set(key, branch);
  }
  if ('equals' in condition) {
    let next = branch.equal.get(condition.equals);
    if (!next) {
      next = newNode<T>();
      branch.equal.set(condition.equals, next);
    }
    return next;
  }
  const there = branch.checked.get(condition.id);
  if (there) return there.node;
  const checked: Checked<T> = { check: condition, node: newNode<T>() };
  branch.checked.set(condition.id, checked);
  branch.byPrefix.add(condition.prefix, checked);
  if (condition.mayMiss) branch.missing.add(checked);
  branch.known.clear();
  return checked.node;
}

/** Takes an entry away, and every node on its way that leads to nothing more. */
function removeClause<T>(node: Node<T>, clause: Clause, at: number, entry: Entry<T>): void {
  const step = clause[at];
  if (!step) {
    node.entries.delete(entry);
    return;
  }
  const [key, condition] = step;
  const branch = node.branches.get(key);
  if (!branch) return;
  if ('equals' in condition) {
    const next = branch.equal.get(condition.equals);
    if (!next) return;
    removeClause(next, clause, at + 1, entry);
    if (isEmpty(next)) branch.equal.delete(condition.equals);
  } else {
    const checked = branch.checked.get(condition.id);
    if (!checked) return;
    removeClause(checked.node, clause, at + 1, entry);
    if (isEmpty(checked.node)) {
      branch.checked.delete(condition.id);
      branch.byPrefix.remove(checked.check.prefix, checked);
      branch.missing.delete(checked);
      branch.known.clear();
    }
  }
  if (branch.equal.size === 0 && branch.checked.size === 0) node.branches.delete(key);
}

const isEmpty = <T>(node: Node<T>): boolean => node.entries.size === 0 && node.branches.size === 0;
