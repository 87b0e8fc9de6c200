/** A piece of SQL in which a semicolon ends nothing: a literal, a quoted name, a comment, a `$$` or `$tag$` body. */
const WHOLE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1/y;

/** The statements of a SQL file, without their semicolons; pieces of comments alone are none. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let current = '';
  let says = false;
  const end = () => {
    if (says) statements.push(current.trim());
    current = '';
    says = false;
  };
  for (let at = 0; at < sql.length; ) {
    WHOLE.lastIndex = at;
    const whole = WHOLE.exec(sql)?.[0];
    const piece = whole ?? sql[at]!;
    at += piece.length;
    if (piece === ';') {
      end();
      continue;
    }
    current += piece;
    if (!/^(--|\/\*|\s)/.test(piece)) says = true;
  }
  end();
  return statements;
}
