import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ADMITTED_KINDS, admit, reasonAgainst } from '../../../src/sql/admission/admit.ts';
import { callOf } from '../../../src/sql/calls.ts';
import { SqlError } from '../../../src/sql/errors.ts';
import { SHARED_FUNCTIONS } from '../../../src/sql/functions/all.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { type Ast, visit } from '../../../src/sql/tree.ts';
import { IDIOMS } from '../idioms/all.ts';
import { statementOf } from '../idioms/idiom.ts';
import { VECTORS } from '../vectors/all.ts';

/** Every kind of node that the parser can make, from its own types: `Expression` is a union of `{ "kind": Type }`. */
async function kindsOfParser(): Promise<string[]> {
  const types = fileURLToPath(new URL('index.d.ts', import.meta.resolve('@polyglot-sql/sdk')));
  const text = (await readFile(types, 'utf8')).replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const union = /^declare type Expression = ([\s\S]*?\});$/m.exec(text)?.[1] ?? '';
  return [...union.matchAll(/"(\w+)": [^;]+;/g)].map((found) => found[1]!);
}

/** The kinds that the idioms and the vectors with an answer are made of. */
async function kindsAnswered(): Promise<Set<string>> {
  const texts = [
    ...Object.values(IDIOMS),
    ...Object.values(VECTORS).flatMap(({ answered }) => Object.values(answered)),
  ];
  const kinds = new Set<string>();
  for (const text of texts) {
    const statement = await parseStatement(statementOf(text)).catch(() => undefined);
    if (statement)
      visit(statement.ast, (object) => {
        for (const kind of Object.keys(object)) kinds.add(kind);
      });
  }
  return kinds;
}

/** Trees with a node of this kind in every place that a node may have. */
const treesWith = (node: Ast): Ast[] => {
  const one: Ast = { literal: { literal_type: 'number', value: '1' } };
  const select = (parts: { [part: string]: Ast }): Ast => ({ select: { expressions: [one], ...parts } });
  return [
    node,
    select({ expressions: [node] }),
    select({ from: { expressions: [node] } }),
    select({ joins: [{ this: node, kind: 'Cross', nesting_group: 0 }] }),
    select({ where_clause: { this: node } }),
    select({ group_by: { expressions: [node] } }),
    select({ order_by: { expressions: [{ this: node }] } }),
    select({ limit: { this: node } }),
    select({ expressions: [{ function: { name: 'f', args: [node] } }] }),
    select({ expressions: [{ in: { this: one, expressions: [], query: node } }] }),
    select({ with: { ctes: [{ alias: { name: 'a' }, this: node }] } }),
  ];
};

describe('a kind of node that the parser makes', async () => {
  const kinds = await kindsOfParser();
  const answered = await kindsAnswered();

  it('is known by the parser’s own types', () => {
    expect(kinds.length).toBeGreaterThan(900);
    expect([...ADMITTED_KINDS].filter((kind) => !kinds.includes(kind))).toEqual([]);
  });

  it('is admitted only with an idiom or a vector that has Trino’s answer', () => {
    const isRefusedByName = (kind: string) => {
      const name = callOf({ [kind]: {} })?.name;
      return name !== undefined && name !== 'undefined' && !SHARED_FUNCTIONS.has(name);
    };
    const unanswered = [...ADMITTED_KINDS].filter((kind) => !answered.has(kind) && !isRefusedByName(kind));
    expect(unanswered).toEqual([]);
  });

  it('is refused with a hint otherwise, in every place', () => {
    for (const kind of kinds.filter((name) => !ADMITTED_KINDS.has(name))) {
      expect(reasonAgainst(kind)[1], kind).not.toBe('');
      for (const tree of treesWith({ [kind]: {} })) {
        const refused = errorOf(() => admit(tree as never, 'SELECT 1'));
        expect((refused as SqlError).hint, kind).toBeTruthy();
      }
    }
  });

  it('is refused with a field that nobody knows, at any depth', async () => {
    const { ast, text } = await parseStatement(
      "SELECT count(*) AS n, CAST(id AS varchar) || 'x' FROM campus.students s JOIN (SELECT 1 AS x) t ON s.id = t.x WHERE id IN (1, 2) GROUP BY id ORDER BY 1 LIMIT 3",
    );
    let changed = 0;
    visit(ast, (object) => {
      if ('start' in object && 'end' in object) return;
      object.unheard_of = { table: { name: { name: 'x' } } };
      const refused = errorOf(() => admit(ast, text));
      delete object.unheard_of;
      expect(refused, JSON.stringify(object)).toBeInstanceOf(SqlError);
      changed += 1;
    });
    expect(changed).toBeGreaterThan(40);
    admit(ast, text);
  });
});

function errorOf(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
