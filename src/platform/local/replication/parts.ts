import type { MappedTable } from '../../../sis/mapping/evaluate.ts';

/** Pages of a table from one number up to, not including, another; the last range of a table is open. */
export interface PageRange {
  readonly from: number;
  readonly to?: number;
}

/** One COPY: a table or a range of its pages. */
export interface Part {
  readonly table: MappedTable;
  /** Place among the parts of its table. */
  readonly index: number;
  readonly pages?: PageRange;
}

/** 32 MB of pages: less is not worth a second reader. */
const WORTH_SPLITTING = 4_096;
/** 128 MB of pages: small enough that readers end at about the same time, large enough for few files. */
const PART_PAGES = 16_384;

/**
 * The work in the order in which it is taken up: by load order, then the largest tables first, each big one in
 * ranges of pages so that every reader can help.
 * @param splits whether the server reads a range of pages without reading the others (PostgreSQL 14 and newer)
 */
export function partsOf(tables: readonly MappedTable[], readers: number, splits: boolean): Part[] {
  const ordered = [...tables].sort((a, b) => b.loadOrder - a.loadOrder || b.source.pages - a.source.pages);
  return ordered.flatMap((table) =>
    ranges(splits && table.source.kind === 'table' ? table.source.pages : 0, readers).map((pages, index) => ({
      table,
      index,
      pages,
    })),
  );
}

function ranges(pages: number, readers: number): (PageRange | undefined)[] {
  if (pages < WORTH_SPLITTING || readers < 2) return [undefined];
  const wanted = Math.max(readers, Math.ceil(pages / PART_PAGES));
  const count = Math.ceil(wanted / readers) * readers;
  const start = (part: number) => Math.floor((pages * part) / count);
  return Array.from({ length: count }, (_, part) => ({
    from: start(part),
    to: part === count - 1 ? undefined : start(part + 1),
  }));
}
