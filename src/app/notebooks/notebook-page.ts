import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ADMINISTRATOR } from '../../access/authorize.ts';
import { InputError } from '../../errors.ts';
import { STYLE } from '../../notebooks/html.ts';
import type { AppLake } from '../app-lake.ts';
import { listIncidents } from '../health/incidents.ts';
import { exportNotebook } from './export-notebook.ts';
import { type KeptNotebook, listNotebooks, notebooksFolder, readNotebookFile } from './notebook-files.ts';

/** With this policy a browser runs no script of such a page, and loads nothing. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The notebooks beside campus.yaml of which the session may know: the administrator of all; a role of those that it has
 * written, and of those of incidents that it knows.
 */
export async function visibleNotebooks(
  lake: AppLake,
  asked: { readonly incident?: string } = {},
): Promise<KeptNotebook[]> {
  const all = await listNotebooks(lake, asked);
  const { role } = lake.session;
  if (role === ADMINISTRATOR || all.length === 0) return all;
  const titles = new Map((await listIncidents(lake, { all: true })).map(({ id, title }) => [id, title]));
  return all.flatMap((one): KeptNotebook[] => {
    const title = one.incident === undefined ? undefined : titles.get(one.incident);
    if (one.role === role && (one.incident === undefined || title !== undefined)) return [one];
    // The author's title is not for another role.
    return title === undefined ? [] : [{ ...one, title }];
  });
}

/** One of them as a page of HTML. @throws InputError where the session knows of none with this name */
export async function notebookPage(lake: AppLake, file: string): Promise<string> {
  const found = (await visibleNotebooks(lake)).find((one) => one.file === file);
  if (!found)
    throw new InputError('There is no such notebook.', {
      hint: '`lake notebook list` shows those that there are',
    });
  return exportNotebook(lake, await readNotebookFile(join(notebooksFolder(lake), found.file)));
}
