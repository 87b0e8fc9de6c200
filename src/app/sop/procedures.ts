import { ADMINISTRATOR } from '../../access/authorize.ts';
import { policyIfAny } from '../../pipeline/open-policy.ts';
import type { Lake } from '../../ports/step.ts';
import { lintProcedure } from '../../sop/language/lint.ts';
import { parseProcedure } from '../../sop/language/parse.ts';
import { pictureOf } from '../../sop/language/picture.ts';
import { type Problem, ProcedureError } from '../../sop/language/problem.ts';
import type { Need, Phrase, Procedure } from '../../sop/language/tree.ts';
import { typeText } from '../../sop/language/types.ts';
import { type Library, procedureOf, readLibrary } from '../../sop/library.ts';
import type { ToolSpec } from '../../sop/tool.ts';
import { lakeTools } from './tools/all.ts';

export type { Problem } from '../../sop/language/problem.ts';

/** A procedure for a list. */
export interface ListedProcedure {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly roles: readonly string[];
  readonly needs: readonly { readonly name: string; readonly type: string; readonly about: string }[];
  /** Whether the session's role may run it. */
  readonly mayRun: boolean;
  readonly errors: number;
}

/** A procedure as its text and its picture. */
export interface ShownProcedure extends ListedProcedure {
  readonly text: string;
  readonly hash: string;
  /** Words by which it is asked for. */
  readonly phrases: readonly Phrase[];
  readonly problems: readonly Problem[];
  /** A flowchart in Mermaid's language. */
  readonly picture: string;
}

/** What a line of a procedure can call, for completion and for a list. */
export type ListedTool = Pick<ToolSpec, 'name' | 'about' | 'roles' | 'acts'> & {
  readonly takes: readonly {
    readonly name: string;
    readonly type: string;
    readonly about: string;
    readonly optional: boolean;
  }[];
  readonly gives: string;
};

/** Everything that procedures are checked against. */
export interface Checked extends Library {
  readonly tools: ReturnType<typeof lakeTools>;
  /** The problems of one procedure, of grammar and of meaning. */
  problemsOf(procedure: Procedure): Problem[];
}

/** Reads the procedures and tools of a lake. */
export async function openProcedures(lake: Lake): Promise<Checked> {
  const [library, policy] = await Promise.all([readLibrary(lake.campus.root), policyIfAny(lake)]);
  const tools = lakeTools(lake);
  const roles = policy && new Set([ADMINISTRATOR, ...policy.policy.roles.keys()]);
  const problemsOf = (procedure: Procedure): Problem[] => [
    ...library.problems.filter(({ file }) => file === procedure.file),
    ...lintProcedure(procedure, { tools, procedures: library.procedures, ...(roles ? { roles } : {}) }),
  ];
  return { ...library, tools, problemsOf };
}

/** Every procedure of the college, in order of name. */
export async function listProcedures(lake: Lake): Promise<ListedProcedure[]> {
  const checked = await openProcedures(lake);
  return [...checked.procedures.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((procedure) => listed(procedure, lake.session.role, checked.problemsOf(procedure)));
}

/** @throws InputError where there is none of that name */
export async function showProcedure(lake: Lake, name: string): Promise<ShownProcedure> {
  const checked = await openProcedures(lake);
  return shown(procedureOf(checked, name), lake.session.role, checked);
}

/**
 * Every mistake, of grammar and of meaning.
 * @param names only these. Default: all
 * @throws InputError for a name that there is not
 */
export async function checkProcedures(lake: Lake, names: readonly string[] = []): Promise<Problem[]> {
  const checked = await openProcedures(lake);
  const isUnread = (name: string) => checked.problems.some(({ file }) => file === `procedures/${name}.sop`);
  const wanted = names.filter((name) => !isUnread(name) || checked.procedures.has(name));
  const found =
    names.length === 0 ? [...checked.procedures.values()] : wanted.map((name) => procedureOf(checked, name));
  const asked = ({ file }: Problem) =>
    names.length === 0 || names.some((name) => file === `procedures/${name}.sop`);
  const unread = checked.problems.filter(
    ({ file }) => ![...checked.procedures.values()].some((procedure) => procedure.file === file),
  );
  return [...unread.filter(asked), ...found.flatMap((procedure) => checked.problemsOf(procedure))];
}

/** A draft as an editor has it: its problems, and its picture where it can be read. */
export async function checkDraft(
  lake: Lake,
  text: string,
): Promise<{ readonly problems: readonly Problem[]; readonly shown?: ShownProcedure }> {
  const checked = await openProcedures(lake);
  const read = parseProcedure(text, 'draft.sop');
  if (!read.procedure) return { problems: read.problems };
  const procedures = new Map(checked.procedures).set(read.procedure.name, read.procedure);
  const found = lintProcedure(read.procedure, { tools: checked.tools, procedures });
  const problems = [...read.problems, ...found];
  return { problems, shown: shown(read.procedure, lake.session.role, { problemsOf: () => problems }) };
}

/** The tools that procedures may call. */
export const listTools = (lake: Lake): ListedTool[] =>
  [...lakeTools(lake).values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, about, roles, acts, takes, gives }) => ({
      name,
      about,
      roles,
      acts,
      takes: Object.entries(takes).map(([of, { type, about: said, optional = false }]) => ({
        name: of,
        type: typeText(type),
        about: said,
        optional,
      })),
      gives: typeText(gives),
    }));

/** @throws ProcedureError for a procedure with errors */
export function mustBeRight(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProcedureError(errors);
}

const needOf = ({ name, type, about }: Need) => ({ name, type: typeText(type), about });

function listed(
  { name, title, about, roles, needs }: Procedure,
  role: string,
  problems: readonly Problem[],
): ListedProcedure {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return { name, title, about, roles, needs: needs.map(needOf), mayRun: roles.includes(role), errors };
}

function shown(
  procedure: Procedure,
  role: string,
  { problemsOf }: Pick<Checked, 'problemsOf'>,
): ShownProcedure {
  const problems = problemsOf(procedure);
  const { text, hash, phrases } = procedure;
  return {
    ...listed(procedure, role, problems),
    text,
    hash,
    phrases,
    problems,
    picture: pictureOf(procedure),
  };
}
