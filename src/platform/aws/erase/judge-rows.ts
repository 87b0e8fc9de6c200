import type { RowField, RowRules, WatchedField } from '../../../ports/eraser.ts';
import type { ParquetRows, RowGroupRows } from './parquet-rows.ts';

/** What the rows of one group are to people who are looked for. */
export interface Judged {
  isTheirs(row: number): boolean;
  /** Mentions of them in a row that is not theirs. */
  mentions(row: number): readonly RowField[];
}

type TextAt = (row: number) => string | null;

/** Rules about the rows of one file: what it does not have cannot decide. Each distinct text is asked of once. */
export function judgeOf(file: ParquetRows, rules: RowRules): (group: RowGroupRows) => Promise<Judged> {
  const held = (fields: readonly WatchedField[]) =>
    fields.filter((field) => file.has(field)).map(remembering);
  const owners = held(rules.owners);
  const mentions = held(rules.mentions);
  const keyed =
    rules.key && rules.key.fields.length > 0 && rules.key.fields.every((field) => file.has(field));
  const textsOf = (group: RowGroupRows, fields: readonly RowField[]): Promise<TextAt[]> =>
    Promise.all(fields.map((field) => file.texts(group, field)));
  return async (group) => {
    const ownerTexts = await textsOf(group, owners);
    const mentionTexts = await textsOf(group, mentions);
    const keyTexts = keyed ? await textsOf(group, rules.key!.fields) : [];
    const isOwned = (row: number) =>
      ownerTexts.some((textAt, i) => {
        const text = textAt(row);
        return text !== null && owners[i]!.has(text);
      });
    const isKeyed = (row: number) => {
      if (!keyed || ownerTexts.some((textAt) => textAt(row) !== null)) return false;
      const texts = keyTexts.map((textAt) => textAt(row));
      return texts.every((text) => text !== null) && rules.key!.has(texts as string[]);
    };
    // Every column of the group asks again.
    const theirs = Uint8Array.from({ length: group.rows }, (_, row) =>
      isOwned(row) || isKeyed(row) ? 1 : 0,
    );
    return {
      isTheirs: (row) => theirs[row] === 1,
      mentions: (row) =>
        mentions.filter((field, i) => {
          const text = mentionTexts[i]!(row);
          return text !== null && field.has(text);
        }),
    };
  };
}

function remembering(field: WatchedField): WatchedField {
  const known = new Map<string, boolean>();
  return {
    ...field,
    has(text) {
      const before = known.get(text);
      if (before !== undefined) return before;
      const found = field.has(text);
      if (known.size > 200_000) known.clear();
      known.set(text, found);
      return found;
    },
  };
}
