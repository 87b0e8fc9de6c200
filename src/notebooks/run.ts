import { LakeError } from '../errors.ts';
import { failureOf } from '../failure.ts';
import type { Json } from '../json.ts';
import type { Answer, Chart } from './answer.ts';
import { CLIENT } from './client.ts';
import { type CodeCell, lines, type Notebook, type Output, tagsOf, wholeText } from './format.ts';
import { type Call, type Expression, readPython, type Statement, type Value } from './python.ts';
import { render } from './render/render.ts';

/** What a query cell asks. */
export interface Asked {
  readonly sql: string;
  readonly asOf?: string;
  readonly parameters: Readonly<Record<string, Value>>;
}

/** `python`: the cell is more than the lake knows. `needs`: it reads names that such a cell may have given. */
export type CellStatus = 'done' | 'failed' | 'python' | 'needs' | 'not-reached';

export interface RunOptions {
  /** Answers queries, as whoever runs the notebook. */
  readonly ask: (asked: Asked) => Promise<Answer>;
  /** Values for names in the cell of parameters. Default: none. */
  readonly values?: Readonly<Record<string, string>>;
  /** Whether cells after one that has failed are run, too. Default: no, as Jupyter does. */
  readonly goesOn?: boolean;
}

export interface RunResult {
  readonly notebook: Notebook;
  /** Of every cell of code, in order. */
  readonly cells: readonly { readonly id: string; readonly status: CellStatus }[];
}

type Known = Readonly<Value | Answer>;

/** What Python would say of a cell: its words name what the author has written. */
class Refusal extends Error {
  readonly ename: string;
  readonly evalue: string;
  constructor(ename: string, evalue: string) {
    super(evalue);
    this.ename = ename;
    this.evalue = evalue;
  }
}

/**
 * Runs the cells that the lake knows, one after another, and fills their outputs as Jupyter would. The notebook that is
 * given stays as it is.
 */
export async function runNotebook(
  notebook: Notebook,
  { ask, values = {}, goesOn }: RunOptions,
): Promise<RunResult> {
  const given = withValues(notebook, values);
  const names = new Map<string, Known>();
  const cells: { id: string; status: CellStatus }[] = [];
  let isPython = false;
  let hasFailed = false;
  let count = 0;
  const done = [];
  for (const cell of given.cells) {
    if (cell.cell_type !== 'code') {
      done.push(cell);
      continue;
    }
    const empty = { ...cell, outputs: [], execution_count: null };
    const source = wholeText(cell.source);
    const finish = (status: CellStatus, to: CodeCell = empty) => {
      cells.push({ id: cell.id, status });
      done.push(to);
    };
    if (hasFailed && !goesOn) {
      finish('not-reached');
      continue;
    }
    const statements = source.trim() === CLIENT.trim() ? [] : readPython(source);
    if (statements === undefined) {
      isPython = true;
      finish('python');
      continue;
    }
    const missing = isPython && namesIn(statements).some((name) => !names.has(name));
    if (missing) {
      finish('needs');
      continue;
    }
    const outputs: Output[] = [];
    try {
      for (const { to, does } of statements) {
        const value = await known(does, names, { ask, show: (output) => outputs.push(output) });
        if (to !== undefined) names.set(to, value);
      }
      finish('done', { ...empty, execution_count: source.trim() === '' ? null : ++count, outputs });
    } catch (error) {
      if (!(error instanceof Refusal || (error instanceof LakeError && error.exitCode === 2))) throw error;
      hasFailed = true;
      outputs.push(errorOutput(error));
      finish('failed', { ...empty, execution_count: ++count, outputs });
    }
  }
  return { notebook: { ...given, cells: done }, cells };
}

const errorOutput = (error: Refusal | LakeError): Output => {
  const { ename, evalue } =
    error instanceof Refusal ? error : { ename: 'LakeError', evalue: failureOf(error).message };
  return { output_type: 'error', ename, evalue, traceback: [`${ename}: ${evalue}`] };
};

/** As papermill does: a cell with the values, behind that of the parameters, in place of one that was there. */
function withValues(notebook: Notebook, values: Readonly<Record<string, string>>): Notebook {
  const entries = Object.entries(values);
  if (entries.length === 0) return notebook;
  const injected: CodeCell = {
    cell_type: 'code',
    id: 'injected-parameters',
    metadata: { tags: ['injected-parameters'] },
    execution_count: null,
    source: lines(
      `# Parameters\n${entries.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join('\n')}`,
    ),
    outputs: [],
  };
  const cells = notebook.cells.filter((cell) => !tagsOf(cell).includes('injected-parameters'));
  const at = cells.findIndex((cell) => tagsOf(cell).includes('parameters')) + 1;
  return { ...notebook, cells: [...cells.slice(0, at), injected, ...cells.slice(at)] };
}

function namesIn(statements: readonly Statement[]): string[] {
  const own = new Set<string>();
  const found: string[] = [];
  const look = (expression: Expression): void => {
    if ('name' in expression) {
      if (!own.has(expression.name)) found.push(expression.name);
    } else if ('call' in expression)
      for (const inner of [...expression.positional, ...Object.values(expression.named)]) look(inner);
  };
  for (const { to, does } of statements) {
    look(does);
    if (to !== undefined) own.add(to);
  }
  return found;
}

interface World {
  readonly ask: RunOptions['ask'];
  readonly show: (output: Output) => void;
}

async function known(
  expression: Expression,
  names: ReadonlyMap<string, Known>,
  world: World,
): Promise<Known> {
  if ('value' in expression) return expression.value;
  if ('name' in expression) {
    const { name } = expression;
    if (names.has(name)) return names.get(name)!;
    throw new Refusal('NameError', `name '${name}' is not defined`);
  }
  return called(expression, names, world);
}

const SIGNATURES: Readonly<Record<Call['call'], readonly string[]>> = {
  ask: ['sql', 'as_of'],
  show: ['answer'],
  chart: ['answer', 'kind', 'x', 'y', 'title'],
};

async function called(call: Call, names: ReadonlyMap<string, Known>, world: World): Promise<Known> {
  const signature = SIGNATURES[call.call];
  if (call.positional.length > signature.length)
    throw new Refusal('TypeError', `${call.call}() takes ${signature.length} arguments at most`);
  const given: Record<string, Known> = {};
  for (const [i, expression] of call.positional.entries())
    given[signature[i]!] = await known(expression, names, world);
  for (const [name, expression] of Object.entries(call.named)) {
    if (Object.hasOwn(given, name))
      throw new Refusal('TypeError', `${call.call}() got multiple values for argument '${name}'`);
    if (call.call !== 'ask' && !signature.includes(name))
      throw new Refusal('TypeError', `${call.call}() got an unexpected keyword argument '${name}'`);
    given[name] = await known(expression, names, world);
  }
  if (call.call === 'ask') {
    const { sql, as_of: asOf, ...parameters } = given;
    return world.ask({
      sql: text(call, 'sql', sql),
      ...(asOf ? { asOf: text(call, 'as_of', asOf) } : {}),
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, plain(call, name, value)]),
      ),
    });
  }
  const { answer } = given;
  if (typeof answer !== 'object' || answer === null)
    throw new Refusal('TypeError', `${call.call}() takes an answer of ask()`);
  const chart =
    call.call === 'chart'
      ? ({
          kind: given.kind === 'line' ? 'line' : given.kind === 'bar' ? 'bar' : refused(call, 'kind'),
          x: text(call, 'x', given.x),
          y: text(call, 'y', given.y),
          title: text(call, 'title', given.title),
        } satisfies Chart)
      : undefined;
  const data = render(answer as Answer, chart) as Record<string, Json>;
  world.show({ output_type: 'display_data', data, metadata: {} });
  return null;
}

function refused(call: Call, name: string): never {
  throw new Refusal('TypeError', `${call.call}() does not take this value as '${name}'`);
}

const text = (call: Call, name: string, value: Known | undefined): string =>
  typeof value === 'string' ? value : refused(call, name);

const plain = (call: Call, name: string, value: Known): Value =>
  typeof value === 'object' && value !== null ? refused(call, name) : (value as Value);
