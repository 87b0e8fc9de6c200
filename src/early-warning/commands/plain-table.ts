import { screenTable, widthOf } from '../../screen-table.ts';

type Row = (string | number)[];

/** A table that grows row by row, and as a text fits the terminal. */
export function plainTable(head: readonly string[]) {
  const rows: Row[] = [];
  return {
    get length() {
      return rows.length;
    },
    push: (row: Row) => void rows.push(row),
    toString: () => screenTable({ head, rows }, widthOf(process.stdout)),
  };
}
