import { createHash } from 'node:crypto';
import { noStep, Reader } from './expression.ts';
import { type Place, type Problem, SyntaxFault } from './problem.ts';
import {
  APPROVE,
  type Branch,
  type Need,
  type Option,
  type Phrase,
  type Procedure,
  REJECT,
  type Step,
} from './tree.ts';
import { BOOLEAN, DATE, NUMBER, PERSON, TEXT, type Type } from './types.ts';

/** Items of a list that `for each` goes through where the procedure names no bound. */
const MOST_ITEMS = 1000;

/** A line with the lines below it. */
interface Line {
  readonly line: number;
  readonly indent: number;
  readonly text: string;
  readonly below: Line[];
}

export interface Parsed {
  /** Absent where not even the first line is one. */
  readonly procedure?: Procedure;
  readonly problems: readonly Problem[];
}

/**
 * Reads a procedure. A line that is wrong is a problem and is left out, so that all mistakes are found at once.
 * @param file for messages
 */
export function parseProcedure(text: string, file: string): Parsed {
  const problems: Problem[] = [];
  const fault = ({ line, column }: Place, message: string, code = 'syntax') =>
    problems.push({ file, line, column, severity: 'error', code, message });
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      fault(error.at, error.message);
      return undefined;
    }
  };
  const lines = treeOf(text.replace(/^\uFEFF/, ''), fault);
  const [head, body, ...rest] = lines;
  if (!head) {
    fault({ line: 1, column: 1 }, 'The file is empty: it begins with `procedure name "Title"`.');
    return { problems };
  }
  const named = attempt(() => {
    const reader = Reader.of(head.text, head.line, head.indent);
    reader.expect('procedure');
    const name = reader.plainName('the name of the procedure');
    const title = reader.plainText('its title');
    reader.end();
    return { name, title };
  });
  if (!named) return { problems };
  const header = readHeader(head, attempt, fault);
  if (body?.text !== 'steps') {
    const at = body ?? head;
    fault({ line: at.line, column: at.indent + 1 }, 'After the header comes the line `steps`.');
    return { problems };
  }
  for (const one of rest)
    fault({ line: one.line, column: one.indent + 1 }, 'Steps are indented below `steps`; this line is not.');
  const steps = new StepReader(attempt, fault).steps(body.below, '');
  if (steps.length === 0) fault({ line: body.line, column: 1 }, 'There are no steps below `steps`.');
  const hash = createHash('sha256').update(text).digest('hex');
  const at = { line: head.line, column: head.indent + 1 };
  return { procedure: { ...named, ...header, steps, file, text, hash, at }, problems };
}

type Attempt = <T>(read: () => T) => T | undefined;
type Fault = (at: Place, message: string, code?: string) => void;

const DEEPEST = 50;

/** Lines by their indentation. Blank lines and comments are none. */
function treeOf(text: string, fault: Fault): Line[] {
  const top: Line[] = [];
  const open: Line[] = [];
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const trimmed = whole.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const indent = whole.length - whole.trimStart().length;
    const tab = whole.slice(0, indent).indexOf('\t');
    if (tab >= 0)
      fault({ line, column: tab + 1 }, 'Lines are indented by spaces, not by tabs.', 'indentation');
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    if (open.length >= DEEPEST) {
      fault({ line, column: indent + 1 }, `Lines are nested ${DEEPEST} deep at most.`, 'indentation');
      continue;
    }
    const siblings = open.at(-1)?.below ?? top;
    const aside = siblings.at(-1);
    if (aside && aside.indent !== indent)
      fault(
        { line, column: indent + 1 },
        `This line is indented by ${indent} spaces, and the line ${aside.line} beside it by ${aside.indent}.`,
        'indentation',
      );
    const found: Line = { line, indent, text: trimmed, below: [] };
    siblings.push(found);
    open.push(found);
  }
  return top;
}

function readHeader(head: Line, attempt: Attempt, fault: Fault) {
  const needs: Need[] = [];
  const phrases: Phrase[] = [];
  let about = '';
  let roles: readonly string[] = [];
  let rolesAt: Place = { line: head.line, column: head.indent + 1 };
  for (const line of head.below)
    attempt(() => {
      const reader = Reader.of(line.text, line.line, line.indent);
      const at = { line: line.line, column: line.indent + 1 };
      if (reader.skip('about')) about = reader.plainText('what it is for');
      else if (reader.skip('for')) {
        rolesAt = { line: reader.next.line, column: reader.next.column };
        roles = reader.names('a role');
      } else if (reader.skip('needs')) {
        const name = reader.name();
        reader.expect(':');
        const type = readType(reader);
        const text = reader.next.kind === 'end' ? name.text : reader.plainText('what it is');
        if (needs.some((need) => need.name === name.text))
          fault(name, `\`${name.text}\` is needed twice.`, 'twice');
        needs.push({ name: name.text, type, about: text, ...at });
      } else if (reader.skip('asked')) {
        const language = reader.skip('in') ? reader.plainName('a language, such as `de`') : 'en';
        do phrases.push({ language, text: reader.plainText('words by which it is asked for') });
        while (reader.skip(','));
      } else reader.fail('The header has lines that begin with `about`, `for`, `needs` and `asked`');
      reader.end();
    });
  return { about, roles, rolesAt, needs, phrases };
}

const TYPES: Readonly<Record<string, Type>> = {
  text: TEXT,
  number: NUMBER,
  boolean: BOOLEAN,
  date: DATE,
  person: PERSON,
};

function readType(reader: Reader): Type {
  if (reader.skip('list')) {
    if (!reader.skip('of')) reader.fail('Here `of` is expected');
    return { kind: 'list', of: readType(reader) };
  }
  if (reader.next.kind === 'literal') {
    const options = [reader.take().text];
    while (reader.skip('or')) options.push(reader.plainText('another choice'));
    return { kind: 'choice', options };
  }
  const { kind, text } = reader.next;
  if (kind !== 'word' || !Object.hasOwn(TYPES, text))
    reader.fail(
      `Here a type is expected: ${Object.keys(TYPES).join(', ')}, \`list of …\`, or choices such as 'yes' or 'no'`,
    );
  reader.take();
  return TYPES[text]!;
}

class StepReader {
  readonly #attempt: Attempt;
  readonly #fault: Fault;

  constructor(attempt: Attempt, fault: Fault) {
    this.#attempt = attempt;
    this.#fault = fault;
  }

  steps(lines: readonly Line[], prefix: string): Step[] {
    const steps: Step[] = [];
    let chain: { at: number; branches: Branch[] } | undefined;
    for (const line of lines) {
      const id = `${prefix}${steps.length + 1}`;
      const isElse = /^(else\b|otherwise\b)/.test(line.text);
      if (isElse) {
        const found = steps[chain?.at ?? -1];
        if (!chain || found?.kind !== 'if') {
          this.#fault(
            { line: line.line, column: line.indent + 1 },
            '`else if` and `otherwise` follow an `if`.',
          );
          continue;
        }
        const { branches } = chain;
        const branch = this.#attempt(() => this.#branch(line, `${found.id}.`, branches));
        if (branch) branches.push(branch);
        continue;
      }
      chain = undefined;
      const step = this.#attempt(() => this.#step(line, id));
      if (!step) continue;
      steps.push(step);
      if (step.kind === 'if') chain = { at: steps.length - 1, branches: step.branches as Branch[] };
    }
    return steps;
  }

  #branch(line: Line, prefix: string, before: readonly Branch[]): Branch {
    const reader = Reader.of(line.text, line.line, line.indent);
    const at = { line: line.line, column: line.indent + 1 };
    const isLast = reader.skip('otherwise');
    if (before.at(-1) && before.at(-1)!.criterion === undefined)
      throw new SyntaxFault('Nothing follows `otherwise`.', at);
    if (!isLast) reader.expect('else', 'if');
    const criterion = isLast ? undefined : reader.expression();
    reader.end();
    const steps = this.#below(line, `${prefix}${before.length + 1}.`);
    return { ...(criterion ? { criterion } : {}), steps, ...at };
  }

  #below(line: Line, prefix: string): Step[] {
    if (line.below.length === 0)
      throw new SyntaxFault('Below this line, indented, steps are expected.', {
        line: line.line,
        column: line.indent + 1,
      });
    return this.steps(line.below, prefix);
  }

  #step(line: Line, id: string): Step {
    const reader = Reader.of(line.text, line.line, line.indent);
    const node = { id, text: line.text, line: line.line, column: line.indent + 1 };
    const done = <T extends Step>(step: T, hasBelow = false): T => {
      reader.end();
      if (!hasBelow && line.below.length > 0)
        this.#fault(
          { line: line.below[0]!.line, column: line.below[0]!.indent + 1 },
          'Nothing is indented below such a step.',
        );
      return step;
    };
    if (reader.skip('if')) {
      const criterion = reader.expression();
      reader.end();
      const { line: at, column } = node;
      return {
        kind: 'if',
        branches: [{ criterion, steps: this.#below(line, `${id}.1.`), line: at, column }],
        ...node,
      };
    }
    if (reader.skip('for', 'each')) {
      const name = reader.name().text;
      reader.expect('in');
      const of = reader.expression();
      const most = reader.skip(',') ? bound(reader) : MOST_ITEMS;
      reader.end();
      return { kind: 'each', name, of, most, steps: this.#below(line, `${id}.`), ...node };
    }
    if (reader.skip('repeat', 'until')) {
      const until = reader.expression();
      const most = reader.skip(',') ? bound(reader) : undefined;
      reader.end();
      return {
        kind: 'repeat',
        until,
        ...(most === undefined ? {} : { most }),
        steps: this.#below(line, `${id}.`),
        ...node,
      };
    }
    if (reader.skip('ask')) return done(this.#ask(reader, line, node), true);
    if (reader.skip('judge')) return done(this.#judge(reader, line, node), true);
    if (reader.skip('stop')) {
      reader.expect('with');
      const decision = reader.plainText('the decision');
      const because = reader.skip('because') ? reader.expression() : undefined;
      return done({ kind: 'stop', decision, ...(because ? { because } : {}), ...node });
    }
    if (reader.skip('note')) return done({ kind: 'note', value: reader.expression(), ...node });
    if (reader.skip('add')) {
      const value = reader.expression();
      reader.expect('to');
      return done({ kind: 'add', value, to: reader.name().text, ...node });
    }
    const hasBind =
      reader.next.kind === 'word' && reader.peek(1).kind === 'sign' && reader.peek(1).text === '=';
    const bind = hasBind ? { bind: reader.name().text } : {};
    if (hasBind) reader.expect('=');
    if (reader.next.kind === 'tool') {
      const { text: tool, line: at, column } = reader.take();
      const args = reader.args();
      const approvedBy = reader.skip('approved', 'by')
        ? { approvedBy: reader.name('the name of an answer').text }
        : {};
      return done({
        kind: 'call',
        ...bind,
        tool,
        toolAt: { line: at, column },
        args,
        ...approvedBy,
        ...node,
      });
    }
    if (reader.skip('see')) {
      const procedure = reader.plainName('the name of a procedure');
      const args = reader.sees('(') ? reader.args() : [];
      return done({ kind: 'see', ...bind, procedure, args, ...node });
    }
    if (bind.bind !== undefined)
      return done({ kind: 'set', bind: bind.bind, value: reader.expression(), ...node });
    return noStep(reader.next);
  }

  #ask(reader: Reader, line: Line, node: Pick<Step, 'id' | 'text' | 'line' | 'column'>): Step {
    const roles = reader.names('the role that is asked');
    reader.expect('for');
    const bind = reader.name().text;
    const isApproval = reader.skip(':', 'approval');
    const type = isApproval ? undefined : reader.skip(':') ? readType(reader) : undefined;
    const question = reader.expression();
    const showing = reader.skip('showing') ? reader.expressions() : [];
    const options = this.#options(line, false).map(({ text }) => text);
    const at = { line: node.line, column: node.column };
    if (isApproval)
      return {
        kind: 'ask',
        bind,
        roles,
        type: { kind: 'choice', options: [APPROVE, REJECT] },
        isApproval,
        question,
        showing,
        ...node,
      };
    if (type && options.length > 0)
      throw new SyntaxFault('An `ask` has a type or choices below it, not both.', at);
    if (!type && options.length < 2)
      throw new SyntaxFault(
        'Below `ask`, indented, two choices at least are expected; or a type, as in `for note: text`.',
        at,
      );
    return {
      kind: 'ask',
      bind,
      roles,
      type: type ?? { kind: 'choice', options },
      isApproval: false,
      question,
      showing,
      ...node,
    };
  }

  #judge(reader: Reader, line: Line, node: Pick<Step, 'id' | 'text' | 'line' | 'column'>): Step {
    const bind = reader.name().text;
    const question = reader.expression();
    const from = reader.skip('from') ? reader.expressions() : [];
    const roles = reader.skip('by') ? reader.names('the role that judges what no rule decides') : [];
    const options = this.#options(line, true);
    if (options.length < 2)
      throw new SyntaxFault('Below `judge`, indented, two answers at least are expected.', {
        line: node.line,
        column: node.column,
      });
    return { kind: 'judge', bind, question, from, options, roles, ...node };
  }

  #options(line: Line, withRules: boolean): Option[] {
    const found: Option[] = [];
    for (const below of line.below) {
      const reader = Reader.of(below.text, below.line, below.indent);
      const at = { line: below.line, column: below.indent + 1 };
      const text = reader.plainText('a choice');
      const when = withRules && reader.skip('when') ? reader.expression() : undefined;
      reader.end();
      if (below.below.length > 0) throw new SyntaxFault('Nothing is indented below a choice.', at);
      if (found.some((one) => one.text === text)) throw new SyntaxFault(`'${text}' is a choice already.`, at);
      found.push({ text, ...(when ? { when } : {}), ...at });
    }
    return found;
  }
}

function bound(reader: Reader): number {
  reader.expect('at', 'most');
  const most = reader.whole('a whole number');
  reader.skip('times');
  return most;
}
