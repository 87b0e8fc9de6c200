import type { Campus } from '../campus/campus.ts';
import type { Link } from './message.ts';

/**
 * Links into the workbench, where campus.yaml says where people open it.
 * @param pages title and path of each, the path beginning with `/`
 */
export function linksTo(
  { workbench }: Pick<Campus, 'workbench'>,
  pages: readonly (readonly [title: string, path: string])[],
): { readonly links?: readonly Link[] } {
  if (workbench === undefined) return {};
  const base = workbench.replace(/\/+$/, '');
  return { links: pages.map(([title, path]) => ({ title, url: `${base}${path}` })) };
}
