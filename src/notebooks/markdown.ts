import { escaped } from '../escaped.ts';

/**
 * Markdown as HTML: headings, paragraphs, lists, tables, code, emphasis and links to web pages. Whatever else stands in
 * the text, HTML above all, stays text, so that nothing in it becomes part of the page.
 */
export function markdownHtml(text: string): string {
  const found: string[] = [];
  const all = text.replaceAll('\r\n', '\n').split('\n');
  let at = 0;
  const takeWhile = (matches: (line: string) => boolean): string[] => {
    const taken: string[] = [];
    while (at < all.length && matches(all[at]!)) taken.push(all[at++]!);
    return taken;
  };
  while (at < all.length) {
    const line = all[at]!;
    const [, marks, title] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line) ?? [];
    if (line.trim() === '') at++;
    else if (marks !== undefined) {
      at++;
      found.push(`<h${marks.length}>${inline(title!)}</h${marks.length}>`);
    } else if (line.startsWith('```')) {
      at++;
      const code = takeWhile((one) => !one.startsWith('```'));
      at++;
      found.push(`<pre>${escaped(code.join('\n'))}</pre>`);
    } else if (isRow(line) && /^\|[\s:|-]+\|$/.test(all[at + 1] ?? '')) {
      const [head, , ...rows] = takeWhile(isRow);
      found.push(table(cellsOf(head!), rows.map(cellsOf)));
    } else if (ITEM.test(line)) {
      const items = takeWhile((one) => ITEM.test(one));
      const tag = /^\s*\d/.test(line) ? 'ol' : 'ul';
      found.push(
        `<${tag}>${items.map((one) => `<li>${inline(one.replace(ITEM, ''))}</li>`).join('')}</${tag}>`,
      );
    } else {
      const paragraph = [
        all[at++]!,
        ...takeWhile(
          (one) => one.trim() !== '' && !/^(#{1,6}\s|```)/.test(one) && !isRow(one) && !ITEM.test(one),
        ),
      ];
      found.push(`<p>${inline(paragraph.join('\n'))}</p>`);
    }
  }
  return found.join('\n');
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;
const isRow = (line: string): boolean => /^\|.*\|$/.test(line.trim());

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => inline(cell.trim()));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  const isNamed = head.some((cell) => cell !== '');
  const named = `<thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead>`;
  // Without names, the first column names the rows.
  const body = isNamed
    ? rows.map(line)
    : rows.map(
        ([first = '', ...rest]) =>
          `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
      );
  return `<table>${isNamed ? named : ''}<tbody>${body.join('\n')}</tbody></table>`;
}

const INLINE =
  /\\([\\`*_{}[\]()<>#+\-.!|~])|(`+)([\s\S]*?[^`])\2(?!`)|\*\*(\S(?:[^*]*\S)?)\*\*|(?<!\w)[*_](\S(?:[^*_]*\S)?)[*_](?!\w)|\[([^\]]*)\]\(((?:[^()\s]|\([^()\s]*\))+)\)/g;

function inline(text: string): string {
  let html = '';
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, sign, , code, strong, emphasis, label, url] = match;
    html += escaped(text.slice(at, match.index));
    at = match.index + whole.length;
    if (sign !== undefined) html += escaped(sign);
    else if (code !== undefined) html += `<code>${escaped(code.trim())}</code>`;
    else if (strong !== undefined) html += `<strong>${inline(strong)}</strong>`;
    else if (emphasis !== undefined) html += `<em>${inline(emphasis)}</em>`;
    // A link of another kind, or to a file, is its words alone.
    else if (/^(https?|mailto):/i.test(url!)) html += `<a href="${escaped(url!)}">${escaped(label!)}</a>`;
    else html += escaped(label!);
  }
  return html + escaped(text.slice(at));
}
