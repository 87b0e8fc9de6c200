/** Where a table of very many rows stands. A browser lays out no element higher than about 33 million pixels. */
const HIGHEST = 8_000_000;

const ROW_HEIGHT = 28;

/** The height of what is scrolled, and how many pixels of it one row is. */
function scrollHeight(rows: number): { readonly height: number; readonly perRow: number } {
  const height = Math.min(rows * ROW_HEIGHT, HIGHEST);
  return { height, perRow: rows === 0 ? ROW_HEIGHT : height / rows };
}

/** The first row that is shown. @param top pixels scrolled @param visible rows that have room */
export function firstRow(top: number, rows: number, visible: number): number {
  const { perRow } = scrollHeight(rows);
  return Math.max(0, Math.min(Math.round(top / perRow), rows - visible));
}

/** Where to scroll so that a row is the first that is shown. */
export const topOf = (row: number, rows: number): number => row * scrollHeight(rows).perRow;

/** How high what is scrolled must be, so that the last row can be scrolled to. @param room the height of what scrolls it */
export const stageHeight = (rows: number, visible: number, room: number): number =>
  rows > visible ? topOf(rows - visible, rows) + room : (rows + 1) * ROW_HEIGHT;
