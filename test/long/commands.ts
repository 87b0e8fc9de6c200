import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../end-to-end/small-campus.ts';

/**
 * The commands in the code blocks of the project's pages, as arguments of `lake`, in their order.
 * @param words those that begin so
 */
export async function namedCommands(words: string, ...pages: string[]): Promise<string[][]> {
  const texts = await Promise.all(pages.map((page) => readFile(join(ROOT, page), 'utf8')));
  const lines = texts.join('\n').matchAll(new RegExp(`^npx lake ((?:${words})\\b[^#\\n]*)`, 'gm'));
  return [...lines].map(([, line]) =>
    [...line!.matchAll(/"([^"]*)"|(\S+)/g)].map((part) => part[1] ?? part[2]!),
  );
}
