import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const PROPOSED = /#.*\bproposed\b/;
/** The mark, and what discovery said of it; another mark can follow. */
const MARK = /\s*#\s*proposed\b[^;\n]*(; )?/;
const GONE = /(?:; | # )gone at the source since \d{4}-\d{2}-\d{2}/;

/** An item of a list in the text: a dataset or a column. */
export type Item = YAMLMap;

/**
 * The text of a valid catalog file, changed by the smallest edits: every byte that a person wrote stays where it
 * is. New items are lines of their own; marks are comments at the end of an item's first line.
 */
export class CatalogText {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  readonly #appended = new Map<YAMLSeq, string[]>();
  readonly #datasets: YAMLSeq;

  constructor(text: string) {
    this.#text = text.endsWith('\n') ? text : `${text}\n`;
    const datasets = parseDocument(this.#text).get('datasets');
    if (!isSeq(datasets)) throw new TypeError('a catalog file without datasets'); // its schema forbids it
    this.#datasets = datasets;
  }

  /** The nth dataset of the file, as the parsed value counts them. */
  dataset(index: number): Item {
    return mapAt(this.#datasets, index);
  }

  column(dataset: Item, index: number): Item {
    return mapAt(columnsOf(dataset), index);
  }

  appendDataset(lines: readonly string[]): void {
    this.#append(this.#datasets, ['', ...lines]);
  }

  appendColumn(dataset: Item, line: string): void {
    this.#append(columnsOf(dataset), [line]);
  }

  /** Whether discovery wrote the line and nobody has taken its mark away since. */
  isProposed(item: Item): boolean {
    return PROPOSED.test(this.#firstLine(item).text);
  }

  /** Why discovery proposed what the line says, in its words; empty where it gave no reason. */
  reasonOf(item: Item): string {
    return /#\s*proposed: ([^;\n]*)/.exec(this.#firstLine(item).text)?.[1]?.trim() ?? '';
  }

  /** Takes the mark of a proposal away: what the line says is a decision from then on. */
  decide(item: Item): void {
    const { text, start } = this.#firstLine(item);
    const mark = MARK.exec(text);
    if (mark)
      this.#edits.push({
        at: start + mark.index,
        remove: mark[0].length,
        insert: mark[1] === undefined ? '' : ' # ',
      });
  }

  /** Replaces the value of a key; a key that is not there is added behind `after`. */
  set(item: Item, key: string, value: string, after: string): void {
    const pair = pairOf(item, key);
    if (pair) {
      const [start, end] = rangeOf(pair.value);
      this.#edits.push({ at: start, remove: end - start, insert: value });
      return;
    }
    const [, end] = rangeOf(pairOf(item, after)?.value);
    const separator = item.flow ? ', ' : `\n${' '.repeat(this.#columnOf(rangeOf(item)[0]))}`;
    this.#edits.push({ at: end, remove: 0, insert: `${separator}${key}: ${value}` });
  }

  isMarkedGone(item: Item): boolean {
    return GONE.test(this.#firstLine(item).text);
  }

  markGone(item: Item, date: string): void {
    const { text, end } = this.#firstLine(item);
    const mark = `gone at the source since ${date}`;
    this.#edits.push({ at: end, remove: 0, insert: / #/.test(text) ? `; ${mark}` : ` # ${mark}` });
  }

  unmarkGone(item: Item): void {
    const { text, start } = this.#firstLine(item);
    const mark = GONE.exec(text);
    if (!mark) return;
    this.#edits.push({ at: start + mark.index, remove: mark[0].length, insert: '' });
  }

  toString(): string {
    const appended = [...this.#appended].map(([list, lines]) => this.#appendEdit(list, lines));
    const edits = [...this.#edits, ...appended].toSorted((a, b) => a.at - b.at);
    const pieces: string[] = [];
    let done = 0;
    for (const { at, remove, insert } of edits) {
      pieces.push(this.#text.slice(done, at), insert);
      done = at + remove;
    }
    return pieces.join('') + this.#text.slice(done);
  }

  #append(list: YAMLSeq, lines: readonly string[]): void {
    const so = this.#appended.get(list);
    if (so) so.push(...lines);
    else this.#appended.set(list, [...lines]);
  }

  #appendEdit(list: YAMLSeq, lines: readonly string[]): Edit {
    const [start, end] = rangeOf(list);
    if (list.flow && list.items.length > 0) {
      const items = lines.filter((l) => l !== '').map((l) => l.replace(/^- | #.*$/g, ''));
      return { at: end - 1, remove: 0, insert: `, ${items.join(', ')} ` };
    }
    if (list.flow) {
      const key = this.#text.slice(0, start).trimEnd().length;
      const indent = ' '.repeat(this.#indentOfLine(start) + 2);
      const items = indented(lines.slice(lines.findIndex((l) => l !== '')), indent);
      return { at: key, remove: end - key, insert: `\n${items.trimEnd()}` };
    }
    const last = this.#text.slice(0, end).trimEnd().length;
    const indent = ' '.repeat(this.#columnOf(start));
    return { at: this.#lineEnd(last) + 1, remove: 0, insert: indented(lines, indent) };
  }

  #firstLine(item: Item): { text: string; start: number; end: number } {
    const [offset] = rangeOf(item);
    const start = this.#text.lastIndexOf('\n', offset - 1) + 1;
    const end = this.#lineEnd(offset);
    return { text: this.#text.slice(start, end), start, end };
  }

  #lineEnd(offset: number): number {
    const end = this.#text.indexOf('\n', offset);
    return this.#text[end - 1] === '\r' ? end - 1 : end;
  }

  #columnOf(offset: number): number {
    return offset - (this.#text.lastIndexOf('\n', offset - 1) + 1);
  }

  #indentOfLine(offset: number): number {
    const start = this.#text.lastIndexOf('\n', offset - 1) + 1;
    return /^ */.exec(this.#text.slice(start))![0].length;
  }
}

function indented(lines: readonly string[], indent: string): string {
  return lines.map((l) => (l === '' ? '\n' : `${indent}${l}\n`)).join('');
}

function columnsOf(dataset: Item): YAMLSeq {
  const columns = dataset.get('columns');
  if (!isSeq(columns)) throw new TypeError('a dataset without columns'); // its schema forbids it
  return columns;
}

function mapAt(list: YAMLSeq, index: number): Item {
  const item = list.items[index];
  if (!isMap(item)) throw new TypeError('an item that is no map'); // its schema forbids it
  return item;
}

function pairOf(item: Item, key: string): Pair | undefined {
  return item.items.find((p) => isScalar(p.key) && p.key.value === key);
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = (node as { range?: readonly [number, number, number] | null } | undefined)?.range;
  if (!range) throw new TypeError('a node that is not in the text');
  return [range[0], range[1]];
}
