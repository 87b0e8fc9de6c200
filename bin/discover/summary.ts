import { count } from '../../src/app/doctor/finding.ts';
import type { DiscoveryChanges } from '../../src/campus/discover/found.ts';
import type { Colours } from '../../src/colours.ts';

/** Longest list that is printed whole; `--json` has everything. */
const MOST = 12;

export interface Summary {
  readonly source: string;
  readonly tables: number;
  readonly changes: DiscoveryChanges;
  readonly unread: readonly { namespace: string; table: string; reason: string }[];
  readonly remarks: readonly string[];
  readonly files: readonly string[];
  readonly dryRun: boolean;
}

/** What a discovery found, as a person reads it. */
export function summaryText(summary: Summary, paint: Colours): string {
  const { source, tables, changes: c, files, dryRun } = summary;
  const lines = [`${source}: ${count(tables, 'table')} at the source`];
  const list = (sign: string, what: string, items: readonly string[]) => {
    if (items.length === 0) return;
    lines.push(`  ${sign} ${what}`);
    for (const item of items.slice(0, MOST)) lines.push(`      ${item}`);
    if (items.length > MOST) lines.push(`      … and ${items.length - MOST} more (--json lists them)`);
  };
  const [plus, tilde, minus, warn] = [paint.green('+'), paint.yellow('~'), paint.red('-'), paint.yellow('!')];
  list(
    plus,
    `${count(c.newTables.length, 'new table')}`,
    c.newTables.map((t) => `${t.id} (${count(t.columns, 'column')})`),
  );
  list(
    plus,
    `${count(c.newColumns.length, 'new column')}`,
    c.newColumns.map((n) => `${n.id}.${n.column} (${n.privacy})`),
  );
  list(
    tilde,
    `${count(c.changed.length, 'change')} of columns`,
    c.changed.map(
      (x) =>
        `${x.id}.${x.column}: ${x.from} → ${x.to}${x.written ? '' : ', left as written: edit the line if it is to follow'}`,
    ),
  );
  list(
    tilde,
    'other keys at the source, left as written',
    c.changedKeys.map((k) => `${k.id}: ${k.from.join(', ') || 'none'} → ${k.to.join(', ')}`),
  );
  list(
    tilde,
    'views that were tables, or the other way round; the catalog follows',
    c.changedKinds.map((k) => `${k.id} is a ${k.to}`),
  );
  list(plus, 'back at the source', c.backAgain);
  list(minus, 'gone at the source, kept and marked', [
    ...c.goneTables,
    ...c.goneColumns.map((g) => `${g.id}.${g.column}`),
  ]);
  list(warn, 'not loaded until a person decides: the reason is on the line of load', c.heldBack);
  list(
    warn,
    'could not be read, left as they are',
    summary.unread.filter((u) => u.reason !== 'a view').map((u) => `${u.namespace}.${u.table}: ${u.reason}`),
  );
  for (const remark of summary.remarks) lines.push(`  ${warn} ${remark}`);
  if (lines.length === 1) lines.push('  the catalog says the same');
  if (files.length > 0) lines.push(`${dryRun ? 'Would write' : 'Wrote'} ${files.join(', ')}.`);
  const classes = Object.entries(c.proposed);
  if (classes.length > 0) {
    lines.push(`Proposed classes: ${classes.map(([name, n]) => `${name} ${n}`).join(', ')}.`);
    lines.push(
      `${paint.cyan('next:')} look at the lines marked "# proposed"; \`lake review '${source}.*'\` lists them by table and takes the marks away`,
    );
  }
  return lines.join('\n');
}
