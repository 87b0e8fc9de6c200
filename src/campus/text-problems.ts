/**
 * Something wrong with a file that its text shows before any parser; `offset` in UTF-16 units. What a parser says of
 * anything after it is a consequence.
 */
export interface TextProblem {
  readonly offset: number;
  readonly text: string;
}

/** What is wrong with a text that is no YAML, where a parser would blame another line. In the order of the text. */
export function textProblems(text: string): TextProblem[] {
  const found = [conflictIn(text), templateIn(text), unclosedIn(text)];
  return found.filter((problem) => problem !== undefined).sort((a, b) => a.offset - b.offset);
}

function conflictIn(text: string): TextProblem | undefined {
  const marker = /^(?:<{7}|={7}|>{7})(?:[ \r\n]|$)/m.exec(text);
  return marker
    ? {
        offset: marker.index,
        text: `a merge conflict is not resolved: found "${marker[0].trim()}"; keep one of the two sides and take the marks out`,
      }
    : undefined;
}

function templateIn(text: string): TextProblem | undefined {
  const hole = /^[^#\n'"]*?(\{\{|\{%)/m.exec(text);
  return hole
    ? {
        offset: hole.index + hole[0].length - 2,
        text: `found "${hole[1]}", which a template has where a value belongs; fill the template in first, or put the text in quotes`,
      }
    : undefined;
}

const CLOSES: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** The first bracket that is open at the end; a parser only notices it many lines further on. */
function unclosedIn(text: string): TextProblem | undefined {
  const open: { readonly sign: string; readonly offset: number }[] = [];
  // Quoted texts and comments hold any sign; a bracket within a plain word opens nothing.
  const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=^|\s)#.*|(?<=^|[\s,[{:-])[[{]|[\]}]/gm;
  for (const token of text.matchAll(tokens)) {
    const sign = token[0];
    if (sign === '[' || sign === '{') open.push({ sign, offset: token.index });
    else if (sign === ']' || sign === '}') open.pop();
  }
  const first = open[0];
  if (!first) return undefined;
  return {
    offset: first.offset,
    text: `this ${first.sign} is never closed, expected ${CLOSES[first.sign]} further on`,
  };
}
