import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Campus } from '../campus/campus.ts';
import { CampusFileError } from '../campus/errors.ts';
import { nameOf, readText } from '../campus/files.ts';
import { byPlace, type Problem } from '../campus/problem.ts';
import { type ReadFile, readYaml } from '../campus/read-yaml.ts';
import type { Calendar } from './measure.ts';
import type { Objective } from './objective.ts';
import { instantIn } from './periods.ts';
import type { PolicyRule } from './policy.ts';
import { asFindings, whyUnfit } from './promises-kept.ts';
import { shortFormsAtOnce, shortFormsOf } from './short-form-files.ts';
import { readShortForms, type ShortForms } from './short-forms.ts';
import { type SloFile, sloSchema } from './slo-schema.ts';
import { minuteOf } from './spans.ts';
import { readDocuments } from './standards/documents.ts';
import { SLO_FILE, SLO_FOLDER } from './tables.ts';
import { checkPolicy, checkWritten, type Setting, toObjective, toRule } from './written.ts';

export interface Objectives {
  readonly objectives: readonly Objective[];
  readonly calendar: Calendar;
  /** What has to wait when a budget is spent. */
  readonly policy: readonly PolicyRule[];
}

/** What is read of a campus. Without `catalog` and `models` there are no promises of tables' own. */
type Where = Pick<Campus, 'root' | 'timeZone'> & Partial<Pick<Campus, 'catalog' | 'models'>>;

/**
 * Reads every objective of a campus: slo.yaml, sentences in the catalog and in headers of models, and OpenSLO,
 * slo-generator and ODCS documents in `slo/`. A campus without any has none.
 * @param tables every table that can be published
 * @throws CampusFileError naming every problem by file, line and column
 */
export async function loadObjectives(campus: Where, tables: ReadonlySet<string>): Promise<Objectives> {
  const { root, timeZone: zone } = campus;
  const path = resolve(root, SLO_FILE);
  const own = { path, text: await readText(path) };
  const documents = await readFolder(join(root, SLO_FOLDER));
  return objectivesIn({ own, documents, short: await shortFormsOf(campus) }, { zone, tables });
}

/** The texts of the files of a campus. */
interface Texts {
  /** slo.yaml. Without a text: there is none. */
  readonly own: { readonly path: string; readonly text: string | undefined };
  readonly documents: readonly { readonly file: string; readonly text: string }[];
  readonly short: ShortForms;
}

/**
 * The same at once, for a synthesis, which cannot wait and knows no tables: any table will do.
 * @throws as `loadObjectives` does
 */
export function loadObjectivesAtOnce(campus: Where): Objectives {
  const { root, timeZone: zone } = campus;
  const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const folder = join(root, SLO_FOLDER);
  const files = existsSync(folder) ? yamlFilesOf(readdirSync(folder)) : [];
  const documents = files.map((file) => ({ file: `${SLO_FOLDER}/${file}`, text: text(join(folder, file))! }));
  const tables: Setting['tables'] = Object.assign(new Set<string>(), { has: () => true });
  const path = resolve(root, SLO_FILE);
  const own = { path, text: text(path) };
  return objectivesIn({ own, documents, short: shortFormsAtOnce(campus) }, { zone, tables });
}

function objectivesIn({ own: file, documents: texts, short: forms }: Texts, setting: Setting): Objectives {
  const { zone } = setting;
  const problems: Problem[] = [];
  const own = readOwn(file, setting);
  const documents = readDocuments([...texts], setting);
  const written = [...own.objectives, ...documents.objectives];
  const short = readShortForms(forms, setting, written);
  const objectives = [...written, ...short.objectives];
  problems.push(...own.problems, ...documents.problems, ...short.problems, ...namedTwice(objectives));
  if (problems.length === 0) problems.push(...own.checkPolicy(objectives.map(({ name }) => name)));
  if (problems.length > 0) throw new CampusFileError(problems.sort(byPlace));
  return { objectives, calendar: { zone, ...own.calendar }, policy: own.policy };
}

interface Found {
  readonly objectives: readonly Objective[];
  readonly problems: readonly Problem[];
}

interface Own extends Found {
  readonly calendar: Omit<Calendar, 'zone'>;
  readonly policy: readonly PolicyRule[];
  /** What its policy says of objectives that there are not. */
  checkPolicy(names: readonly string[]): Problem[];
}

function readOwn({ path, text }: Texts['own'], setting: Setting): Own {
  const none = {
    objectives: [],
    calendar: { breaks: [], maintenance: [] },
    policy: [],
    checkPolicy: () => [],
  };
  if (text === undefined) return { ...none, problems: [] };
  const read = readYaml<SloFile>(nameOf(path), text, sloSchema);
  if (!read.value) return { ...none, problems: read.problems() };
  read.add(checkWritten(read.value, setting));
  if (read.problems().length > 0) return { ...none, problems: read.problems() };
  const objectives = objectivesOf(read, read.value, setting);
  const { breaks, maintenance, policy } = read.value;
  const span = (local: string) => minuteOf(instantIn(local, setting.zone));
  return {
    objectives,
    problems: read.problems(),
    calendar: {
      breaks,
      maintenance: maintenance.map(({ from, to }) => ({ from: span(from), to: span(to) })),
    },
    policy: policy.map(toRule),
    checkPolicy(names) {
      read.add(checkPolicy(policy, names));
      return read.problems();
    },
  };
}

function objectivesOf(read: ReadFile<SloFile>, file: SloFile, setting: Setting): Objective[] {
  return Object.entries(file.objectives).map(([name, written]) => {
    const path = ['objectives', name];
    const { line } = read.place(path, 'key');
    const objective = toObjective(name, written, `${SLO_FILE}:${line}`, setting);
    read.add(asFindings(whyUnfit(objective), path));
    return objective;
  });
}

async function readFolder(folder: string): Promise<Texts['documents']> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const texts = [];
  for (const file of yamlFilesOf(files)) {
    const text = await readText(join(folder, file));
    if (text !== undefined) texts.push({ file: `${SLO_FOLDER}/${file}`, text });
  }
  return texts;
}

const yamlFilesOf = (files: readonly string[]): string[] =>
  files.filter((name) => /\.ya?ml$/.test(name)).sort();

function namedTwice(objectives: readonly Objective[]): Problem[] {
  const first = new Map<string, Objective>();
  return objectives.flatMap((objective) => {
    const other = first.get(objective.name);
    if (!other) {
      first.set(objective.name, objective);
      return [];
    }
    const [file, line] = objective.place.split(':');
    return [
      {
        file: file!,
        line: Number(line),
        column: 1,
        text: `the objective "${objective.name}" is also in ${other.place}; each needs a name of its own`,
      },
    ];
  });
}
