import type { z } from 'zod';
import type { Finding, Problem } from '../../campus/problem.ts';
import { type ReadFile, readYaml } from '../../campus/read-yaml.ts';
import { parseFast } from '../../campus/yaml-text.ts';
import type { Objective } from '../objective.ts';
import { asFindings, whyUnfit } from '../promises-kept.ts';
import type { Setting } from '../written.ts';
import { contractSchema, toContractObjectives } from './odcs.ts';
import { KINDS, toSloObjectives } from './openslo.ts';
import { generatorSchema, type Policies, policiesSchema, toGeneratorObjective } from './slo-generator.ts';

export interface DocumentText {
  /** For messages. */
  readonly file: string;
  /** Documents apart by `---`. */
  readonly text: string;
}

export interface Found {
  readonly objectives: readonly Objective[];
  readonly problems: readonly Problem[];
}

/** What a document of a standard becomes: objectives, and what keeps others from being ones. */
export interface Understood {
  readonly objectives: readonly Objective[];
  readonly findings: readonly Finding[];
}

/** A document that fits its schema. */
export interface Parsed<T> {
  readonly value: T;
  readonly read: ReadFile<unknown>;
  /** Where it begins: `slo/fresh.yaml:3`. */
  readonly place: string;
}

/**
 * Reads documents in the formats of OpenSLO (`openslo/v1`), slo-generator (`sre.google.com/v2`) and the Open Data
 * Contract Standard (`kind: DataContract`). OpenSLO's may refer to each other across files.
 */
export function readDocuments(texts: readonly DocumentText[], setting: Setting): Found {
  const problems: Problem[] = [];
  const objectives: Objective[] = [];
  const openslo: Parsed<OpenSlo>[] = [];
  const generator: Parsed<z.infer<typeof generatorSchema>>[] = [];
  let policies: Policies | undefined;
  const take = ({ read, place }: Parsed<unknown>, understood: Understood): void => {
    read.add(understood.findings);
    for (const objective of understood.objectives)
      read.add(asFindings(whyUnfit(objective), ['metadata', 'name']));
    const found = read.problems();
    problems.push(...found);
    if (found.length === 0) objectives.push(...understood.objectives.map((one) => ({ ...one, place })));
  };
  for (const { file, text, line } of texts.flatMap(split)) {
    const place = `${file}:${line}`;
    const kind = kindOf(text);
    if (kind === undefined) {
      problems.push({
        file,
        line,
        column: 1,
        text: `it is none of the formats that are read here: apiVersion openslo/v1 (${Object.keys(KINDS).join(', ')}), apiVersion sre.google.com/v2, or kind DataContract`,
      });
    } else if (kind === 'generator') {
      understand(file, text, place, generatorSchema, problems, (parsed) => generator.push(parsed));
    } else if (kind === 'policies') {
      understand(file, text, place, policiesSchema, problems, ({ value }) => {
        const named = Object.entries(value.error_budget_policies).map(([name, { steps }]) => [name, steps]);
        policies = { ...policies, ...Object.fromEntries(named) };
      });
    } else if (kind === 'contract') {
      understand(file, text, place, contractSchema, problems, (parsed) =>
        take(parsed, toContractObjectives(parsed.value, setting)),
      );
    } else {
      understand<OpenSlo>(file, text, place, KINDS[kind], problems, (parsed) => openslo.push(parsed));
    }
  }
  for (const parsed of generator) take(parsed, toGeneratorObjective(parsed.value, setting, policies));
  for (const parsed of openslo)
    if (parsed.value.kind === 'SLO')
      take(
        parsed,
        toSloObjectives(
          parsed.value,
          openslo.map(({ value }) => value),
          setting,
        ),
      );
  return { objectives, problems };
}

export type OpenSlo = { [Kind in keyof typeof KINDS]: z.infer<(typeof KINDS)[Kind]> }[keyof typeof KINDS];

function understand<T>(
  file: string,
  text: string,
  place: string,
  schema: z.ZodType<T>,
  problems: Problem[],
  use: (parsed: Parsed<T>) => void,
): void {
  const read = readYaml<T>(file, text, schema);
  if (read.value === undefined) problems.push(...read.problems());
  else use({ value: read.value, read, place });
}

type Kind = 'generator' | 'policies' | 'contract' | keyof typeof KINDS;

/** Undefined: none of these. A text that is no YAML is read as OpenSLO, for the message. */
function kindOf(text: string): Kind | undefined {
  const parsed = parseFast(text);
  if (!parsed) return 'SLO';
  const value = (parsed.value ?? {}) as Readonly<Record<string, unknown>>;
  const { apiVersion, kind } = value;
  if (kind === 'DataContract') return 'contract';
  if (apiVersion === 'sre.google.com/v2') return 'generator';
  if (apiVersion === 'openslo/v1' && typeof kind === 'string' && kind in KINDS)
    return kind as keyof typeof KINDS;
  return 'error_budget_policies' in value ? 'policies' : undefined;
}

/** The documents of a file, each below so many empty lines that its places are those in the file. */
function split({ file, text }: DocumentText): { file: string; text: string; line: number }[] {
  const lines = text.split(/\r?\n/);
  const starts = [-1, ...lines.flatMap((line, i) => (/^---(\s|$)/.test(line) ? [i] : []))];
  return starts
    .map((start, i) => ({ start, end: starts[i + 1] ?? lines.length }))
    .map(({ start, end }) => ({ start, body: lines.slice(start + 1, end) }))
    .filter(({ body }) => body.some((line) => line.trim() !== '' && !line.trimStart().startsWith('#')))
    .map(({ start, body }) => ({
      file,
      text: '\n'.repeat(start + 1) + body.join('\n'),
      line: start + 2,
    }));
}
