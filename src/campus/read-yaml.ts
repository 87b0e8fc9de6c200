import type { z } from 'zod';
import type { Overlay } from './environments.ts';
import { findings } from './issues.ts';
import type { Finding, Problem, YamlPath } from './problem.ts';
import { asWritten, mayHoldOldNames, type ReadAs, readOldNames, warningsOf } from './renamed-keys.ts';
import { secretKind } from './secret-text.ts';
import { parseFast, YamlText } from './yaml-text.ts';

/** A YAML file read against a schema. Places are looked up only once there is something to say. */
export interface ReadFile<T> {
  readonly name: string;
  /** Undefined when the file has a problem that its schema can see. */
  readonly value: T | undefined;
  add(findings: readonly Finding[]): void;
  /** Old names that were read as those of today. */
  oldNames(): Problem[];
  /** At most `PROBLEMS_SHOWN` of them, and how many more there are. */
  problems(): Problem[];
  /** Where something is in the file. */
  place(path: YamlPath, on?: Finding['on']): Pick<Problem, 'line' | 'column'>;
}

/** A file with more problems than this is mostly not what it should be; nobody reads on. */
export const PROBLEMS_SHOWN = 50;

/** Files that were read before, as their schema has made them. */
export interface RememberedFiles {
  /** What the file of this name and text was read as; undefined where that is not known. */
  recall(name: string, text: string): unknown;
  /** Takes note of a file without a problem and without an old name. */
  keep(name: string, text: string, value: unknown): void;
}

/**
 * @param overlay what an environment makes of the file before the schema sees it
 * @param remembered what was read by this schema before, without an overlay. Default: nothing
 */
export function readYaml<T>(
  name: string,
  text: string,
  schema: z.ZodType<T>,
  overlay?: Overlay,
  remembered?: RememberedFiles,
): ReadFile<T> {
  const known = remembered?.recall(name, text) as T | undefined;
  const found: Finding[] = [];
  const problems: Problem[] = known === undefined ? [...pastedSecrets(name, text)] : [];
  let places: YamlText | undefined;
  let value: T | undefined;
  let renamed: readonly ReadAs[] = [];
  const withNewNames = <V>(file: V): V => {
    if (!mayHoldOldNames(text)) return file;
    const read = readOldNames(file);
    renamed = read.renamed;
    found.splice(0, found.length, ...read.problems);
    return file;
  };
  const placed = (finding: Finding): Problem => {
    places ??= new YamlText(name, text);
    const path = overlay?.writtenAt(finding.path) ?? finding.path;
    return places.place({ ...finding, path: asWritten(path, renamed) });
  };
  const laidOver = (file: unknown): unknown => overlay?.apply(file) ?? file;

  const fast = known === undefined ? parseFast(text) : undefined;
  const result = fast && schema.safeParse(laidOver(withNewNames(fast.value)));
  if (known !== undefined) {
    value = known;
  } else if (result?.success && found.length === 0) {
    value = result.data;
    if (problems.length === 0 && renamed.length === 0) remembered?.keep(name, text, value);
  } else {
    places = new YamlText(name, text);
    problems.push(...places.syntax);
    const written = laidOver(withNewNames(places.value));
    if (places.readable) found.push(...findings(schema, written));
    if (problems.length === 0 && found.length === 0) value = schema.parse(written);
  }
  return {
    name,
    value,
    add: (more) => void found.push(...more),
    oldNames: () => warningsOf(renamed).map(placed),
    problems() {
      const room = Math.max(0, PROBLEMS_SHOWN - problems.length);
      const shown = [...problems.slice(0, PROBLEMS_SHOWN), ...found.slice(0, room).map(placed)];
      const more = problems.length + found.length - shown.length;
      const last = shown.at(-1);
      if (more === 0 || !last) return shown;
      return [...shown, { ...last, text: `and ${more.toLocaleString('en-US')} more problems in this file` }];
    },
    place: (path, on) => placed({ path, on, text: '' }),
  };
}

function pastedSecrets(file: string, text: string): Problem[] {
  if (secretKind(text) === undefined) return [];
  return text.split('\n').flatMap((line, i) => {
    const kind = secretKind(line);
    return kind === undefined
      ? []
      : [
          {
            file,
            line: i + 1,
            column: line.search(/\S/) + 1,
            text: `found ${kind} (not shown): a secret never belongs in this file; take it out, and change it where it is used`,
          },
        ];
  });
}
