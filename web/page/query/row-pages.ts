import type { Page } from '../../answers.ts';
import { read } from '../api.ts';

const SIZE = 500;
const KEPT = 20;

type Row = Page['rows'][number];

/** Rows of one answer, a page at a time: the newest pages are kept, so that memory does not grow with the answer. */
export class RowPages {
  readonly #id: string;
  readonly #changed: () => void;
  readonly #pages = new Map<number, readonly Row[] | 'asked'>();

  /** @param changed called when rows that were asked for are there */
  constructor(id: string, changed: () => void) {
    this.#id = id;
    this.#changed = changed;
  }

  /** A row that is there; one that is not is asked for. */
  row(index: number): Row | undefined {
    const at = Math.floor(index / SIZE);
    const page = this.#pages.get(at);
    if (page === undefined) void this.#ask(at);
    if (page === undefined || page === 'asked') return undefined;
    // The page used last is the last to go.
    this.#pages.delete(at);
    this.#pages.set(at, page);
    const row = page[index - at * SIZE];
    // A page that was read before all its rows were there is read again.
    if (row === undefined) this.#pages.delete(at);
    return row;
  }

  async #ask(at: number): Promise<void> {
    this.#pages.set(at, 'asked');
    try {
      const { rows } = await read<Page>(`/api/answers/${this.#id}/rows?from=${at * SIZE}&count=${SIZE}`);
      this.#pages.set(at, rows);
      const old = [...this.#pages.keys()].slice(0, Math.max(0, this.#pages.size - KEPT));
      for (const page of old) this.#pages.delete(page);
    } catch {
      // What the answer has failed with is shown by whoever asks how far it is.
      this.#pages.delete(at);
      return;
    }
    this.#changed();
  }
}
