import type { Remark } from '../../../src/ports/remark.ts';

/** Remarks on an answer as they are written next to it: a line for each, or one JSON object. */
export function remarkLines(remarks: readonly Remark[], { json }: { readonly json?: boolean } = {}): string {
  if (remarks.length === 0) return '';
  if (json) return `${JSON.stringify({ remarks })}\n`;
  return remarks.map(({ text }) => `remark: ${text}\n`).join('');
}
