/**
 * A constraint of SOPBench (arXiv 2503.08669): a check with its arguments by name, or several joined. `chain` asks in order
 * and stops at the first that does not hold; `gate` is an `or` in order. A name with `not ` before it is denied.
 */
export type Constraint =
  | readonly ['single', string, Readonly<Record<string, string>> | null]
  | readonly ['and' | 'or' | 'chain' | 'gate', readonly Constraint[]];

const indented = (depth: number, line: string): string => `${'  '.repeat(depth + 1)}${line}`;

/**
 * The text of a procedure that decides whether an action is allowed. It knows the language of constraints, and neither the
 * domain nor its tasks.
 * @param needs names of what the user knows
 */
export function compileConstraint(constraint: Constraint | null, needs: readonly string[]): string {
  let count = 0;
  const lines: string[] = [];
  const emit = (node: Constraint, depth: number): string => {
    const name = `r${++count}`;
    const say = (line: string, more = 0) => lines.push(indented(depth + more, line));
    if (node[0] === 'single') {
      const isDenied = node[1].startsWith('not ');
      const tool = isDenied ? node[1].slice(4) : node[1];
      const args = Object.entries(node[2] ?? {}).map(([to, from]) => `${to}: ${from}`);
      say(`${name} = @${tool}(${args.join(', ')})`);
      if (isDenied) say(`${name} = not ${name}`);
      return name;
    }
    const [kind, children] = node;
    const isAll = kind === 'and' || kind === 'chain';
    say(`${name} = ${isAll && children.length === 0 ? 'true' : 'false'}`);
    let at = depth;
    for (const [i, child] of children.entries()) {
      const found = emit(child, at);
      const isLast = i === children.length - 1;
      lines.push(indented(at, `if ${found}`));
      if (!isAll || isLast) lines.push(indented(at + 1, `${name} = true`));
      if (!isAll && !isLast) lines.push(indented(at, 'otherwise'));
      at++;
    }
    return name;
  };
  const verdict = constraint ? emit(constraint, 0) : undefined;
  if (verdict) lines.push(indented(0, `if not ${verdict}`), indented(1, "stop with 'refuse'"));
  lines.push(indented(0, "stop with 'allow'"));
  const given = needs.map((need) => `  needs ${need}: text`);
  return `procedure task "An action"\n  for administrator\n${given.join('\n')}\nsteps\n${lines.join('\n')}\n`;
}
