/** A text that is no Markdown, in Markdown. */
export const escapedMarkdown = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|~]/g, '\\$&');

export const percent = (part: number): string => `${Math.round(part * 100)} %`;

/** An instant of ISO 8601 as people read it. */
export const clockTime = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

/** A table of Markdown. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapedMarkdown).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}
