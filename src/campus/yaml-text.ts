import { load } from 'js-yaml';
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import type { Finding, Problem, YamlPath } from './problem.ts';
import { textProblems } from './text-problems.ts';

/**
 * The value of a YAML text, or undefined when it has an error. Seven times as fast as a parse that remembers
 * positions (a catalog of 30,000 columns: 0.5 s against 3.3 s), so every command reads this way, and only a file
 * with a problem is read again by `YamlText`. Both parsers follow YAML 1.2's core schema.
 */
export function parseFast(text: string): { value: unknown } | undefined {
  try {
    return { value: load(text) ?? null };
  } catch {
    return undefined;
  }
}

/** A YAML text with the places of its keys and values. */
export class YamlText {
  readonly value: unknown;
  /** Errors of YAML itself. Where there are any but repeated keys, `value` is not to be trusted. */
  readonly syntax: readonly Problem[];
  readonly readable: boolean;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #pairsOf = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(file: string, text: string) {
    this.#file = file;
    // Warnings concern authors of parsers; what matters of them is said as a problem.
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      logLevel: 'error',
      // The library compares each key with every other; `repeatedKeys` looks each up.
      uniqueKeys: false,
    });
    const errors = this.#document.errors;
    const [blamed] = errors.length > 0 ? textProblems(text) : [];
    const problems = [
      ...errors
        .filter(({ pos }) => blamed === undefined || pos[0] < blamed.offset)
        .map((e) => this.#problem(e.pos[0], explain(e))),
      ...(blamed ? [this.#problem(blamed.offset, blamed.text)] : []),
    ];
    let value: unknown;
    let readable = errors.length === 0;
    if (readable) {
      problems.push(
        ...repeatedKeys(this.#document).map(({ offset, text: said }) => this.#problem(offset, said)),
      );
      const odd = oddNodes(this.#document);
      problems.push(...odd.map(({ offset, text: said }) => this.#problem(offset, said)));
      readable = odd.length === 0;
    }
    if (readable) {
      try {
        value = this.#document.toJS() ?? null;
      } catch (error) {
        readable = false; // aliases that unfold without end
        const offset = firstAlias(this.#document) ?? 0;
        problems.push(this.#problem(offset, `not valid YAML: ${(error as Error).message}`));
      }
    }
    this.value = value;
    this.readable = readable;
    this.syntax = problems.filter((p, i) => p.line !== problems[i - 1]?.line);
  }

  place(finding: Finding): Problem {
    return this.#problem(this.#offset(finding.path, finding.on === 'key'), finding.text);
  }

  /** The offset of the deepest node on the path that exists. */
  #offset(path: YamlPath, wantKey: boolean): number {
    let node: unknown = this.#document.contents;
    let offset = start(node) ?? 0;
    for (const [i, part] of path.entries()) {
      const holder = isAlias(node) ? node.resolve(this.#document) : node;
      let key: unknown;
      let next: unknown;
      if (isMap(holder)) {
        const pair = this.#pairs(holder).get(String(part));
        key = pair?.key;
        next = pair?.value;
      } else if (isSeq(holder)) {
        next = holder.items[Number(part)];
      }
      const at = i === path.length - 1 && wantKey ? start(key) : (start(next) ?? start(key));
      if (at === undefined) return offset;
      offset = at;
      node = next;
    }
    return offset;
  }

  /** The first pair of each key of a map, looked up once however many problems it has. */
  #pairs(map: YAMLMap): ReadonlyMap<string, Pair> {
    let pairs = this.#pairsOf.get(map);
    if (!pairs) {
      const known = new Map<string, Pair>();
      for (const pair of map.items) {
        const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
        if (name !== undefined && !known.has(name)) known.set(name, pair);
      }
      pairs = known;
      this.#pairsOf.set(map, pairs);
    }
    return pairs;
  }

  #problem(offset: number, text: string): Problem {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col), text };
  }
}

/** Nodes that YAML allows and no file of the lake can mean: at their own lines, where a parser would blame the first. */
function oddNodes(document: ReturnType<typeof parseDocument>): { offset: number; text: string }[] {
  const found: { offset: number; text: string }[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Value(_key, node) {
      if (node.anchor) anchors.add(node.anchor);
    },
    Alias(_key, alias) {
      if (!anchors.has(alias.source))
        found.push({
          offset: start(alias) ?? 0,
          text: `the alias *${alias.source} has no anchor &${alias.source} before it`,
        });
    },
    Pair(_key, pair) {
      if (isScalar(pair.key) && pair.key.value === '<<')
        found.push({
          offset: start(pair.key) ?? 0,
          text: 'merge keys (<<) are not part of YAML 1.2, expected the keys themselves, or an alias as a whole value',
        });
      else if (!isScalar(pair.key) && !isAlias(pair.key))
        found.push({
          offset: start(pair.key) ?? 0,
          text: 'a key is a list or a map here, expected a word; was a template ({{ … }}) not filled in?',
        });
    },
  });
  return found;
}

/** Keys that a map has already; the first of them counts. */
function repeatedKeys(document: ReturnType<typeof parseDocument>): { offset: number; text: string }[] {
  const found: { offset: number; text: string }[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name))
          found.push({ offset: start(key) ?? 0, text: `the key "${name}" is given twice; keep one of them` });
        seen.add(name);
      }
    },
  });
  return found;
}

function firstAlias(document: ReturnType<typeof parseDocument>): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias(_key, alias) {
      offset = start(alias);
      return visit.BREAK;
    },
  });
  return offset;
}

function explain(error: YAMLParseError): string {
  if (error.code === 'MULTIPLE_DOCS')
    return 'a second document (---) starts here; one file holds one document';
  return `not valid YAML: ${error.message}`;
}

function start(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
