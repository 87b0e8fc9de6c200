import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
/** Folders that tools make. */
const MADE = ['node_modules', 'cdk.out', 'coverage'];
const rooms = [...text.matchAll(/^\| `([\w/-]+)\/` \|/gm)].map((match) => match[1]!);
const folders = (path: string) =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !MADE.includes(entry.name))
    .map((entry) => (path === '.' ? entry.name : `${path}/${entry.name}`));

describe('docs/architecture.md', () => {
  it('names only rooms that exist', () => {
    expect(rooms.length).toBeGreaterThan(15);
    expect(rooms.filter((room) => !existsSync(join(ROOT, room)))).toEqual([]);
  });

  it('names every room of the house and of src', () => {
    const there = [...folders('.').filter((folder) => folder !== 'src'), ...folders('src')];
    expect(there.filter((folder) => !rooms.includes(folder))).toEqual([]);
  });

  it('draws every folder of the journey', () => {
    const picture = text.slice(
      text.indexOf('```mermaid'),
      text.indexOf('```', text.indexOf('```mermaid') + 3),
    );
    for (const folder of ['src/lms', 'src/sis', 'src/staging', 'src/models', 'src/warehouse', 'src/notify']) {
      expect(picture).toContain(folder);
    }
  });
});
