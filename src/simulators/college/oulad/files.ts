import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { OuladError } from '../errors.ts';

/**
 * The Open University Learning Analytics Dataset, as its files say it (Kuzilek, Hlosta, Zdrahal, Sci. Data 4:170171,
 * 2017; CC BY 4.0). Days count from the first day of the presentation and may be negative; blank is null.
 */
export interface Oulad {
  readonly courses: readonly OuladCourse[];
  readonly assessments: readonly OuladAssessment[];
  readonly students: readonly OuladStudent[];
  readonly registrations: readonly OuladRegistration[];
  readonly results: readonly OuladResult[];
}

const KINDS = ['TMA', 'CMA', 'Exam'] as const;
const RESULTS = ['Distinction', 'Pass', 'Fail', 'Withdrawn'] as const;

export interface OuladCourse {
  readonly module: string;
  readonly presentation: string;
  /** Days. */
  readonly length: number;
}

export interface OuladAssessment {
  readonly module: string;
  readonly presentation: string;
  readonly id: number;
  readonly type: (typeof KINDS)[number];
  /** Day due; null for an exam in the last week. */
  readonly day: number | null;
  readonly weight: number;
}

export interface OuladStudent {
  readonly module: string;
  readonly presentation: string;
  readonly student: number;
  readonly gender: string;
  readonly region: string;
  readonly highestEducation: string;
  /** As in the file; `20-Oct` (a spreadsheet's reading of 10-20 %) is kept here and corrected where it is used. */
  readonly imdBand: string | null;
  readonly ageBand: string;
  readonly previousAttempts: number;
  readonly studiedCredits: number;
  readonly disability: string;
  readonly result: (typeof RESULTS)[number];
}

interface OuladRegistration {
  readonly module: string;
  readonly presentation: string;
  readonly student: number;
  readonly registered: number | null;
  readonly unregistered: number | null;
}

export interface OuladResult {
  readonly assessment: number;
  readonly student: number;
  readonly submitted: number;
  /** Carried over from an earlier attempt: neither handed in nor late in this presentation. */
  readonly banked: boolean;
  readonly score: number | null;
}

type Cells = Readonly<Record<string, string>>;

/**
 * Reads the five files. All or nothing.
 * @throws OuladError naming file, line and column of the first value that is not what it must be
 */
export async function readOuladFiles(folder: string): Promise<Oulad> {
  const [courses, assessments, students, registrations, results] = await Promise.all([
    records(folder, 'courses.csv', ({ text, number }) => ({
      module: text('code_module'),
      presentation: text('code_presentation'),
      length: number('module_presentation_length'),
    })),
    records(folder, 'assessments.csv', ({ text, number, maybe, one }) => ({
      module: text('code_module'),
      presentation: text('code_presentation'),
      id: number('id_assessment'),
      type: one('assessment_type', KINDS),
      day: maybe('date'),
      weight: number('weight'),
    })),
    records(folder, 'studentInfo.csv', ({ text, number, blank, one }) => ({
      module: text('code_module'),
      presentation: text('code_presentation'),
      student: number('id_student'),
      gender: text('gender'),
      region: text('region'),
      highestEducation: text('highest_education'),
      imdBand: blank('imd_band'),
      ageBand: text('age_band'),
      previousAttempts: number('num_of_prev_attempts'),
      studiedCredits: number('studied_credits'),
      disability: text('disability'),
      result: one('final_result', RESULTS),
    })),
    records(folder, 'studentRegistration.csv', ({ text, number, maybe }) => ({
      module: text('code_module'),
      presentation: text('code_presentation'),
      student: number('id_student'),
      registered: maybe('date_registration'),
      unregistered: maybe('date_unregistration'),
    })),
    records(folder, 'studentAssessment.csv', ({ number, maybe }) => ({
      assessment: number('id_assessment'),
      student: number('id_student'),
      submitted: number('date_submitted'),
      banked: number('is_banked') === 1,
      score: maybe('score'),
    })),
  ]);
  return { courses, assessments, students, registrations, results };
}

interface Reader {
  text(column: string): string;
  /** Text, or null where the cell is blank (`?` in some copies of the data). */
  blank(column: string): string | null;
  number(column: string): number;
  maybe(column: string): number | null;
  one<T extends string>(column: string, words: readonly T[]): T;
}

async function records<T>(folder: string, file: string, make: (reader: Reader) => T): Promise<T[]> {
  const path = join(folder, file);
  let cells: Cells = {};
  let line = 1;
  const bad = (column: string, wanted: string) =>
    new OuladError(`${path}, line ${line}: column ${column} holds ${wanted}, not “${cells[column]}”`, {
      about: file,
      hint: 'Take the file as published (see docs/simulated-college.md) without editing it in a spreadsheet.',
    });
  const blank = (column: string): string | null => {
    const cell = cells[column];
    if (cell === undefined) throw bad(column, 'a value');
    return cell === '' || cell === '?' ? null : cell;
  };
  const text = (column: string): string => {
    const cell = blank(column);
    if (cell === null) throw bad(column, 'a value');
    return cell;
  };
  const maybe = (column: string): number | null => {
    const cell = blank(column);
    if (cell === null) return null;
    const value = Number(cell);
    if (!Number.isFinite(value)) throw bad(column, 'a number');
    return value;
  };
  const number = (column: string): number => {
    const value = maybe(column);
    if (value === null) throw bad(column, 'a number');
    return value;
  };
  const one = <T extends string>(column: string, words: readonly T[]): T => {
    const word = words.find((candidate) => candidate === text(column));
    if (word === undefined) throw bad(column, `one of ${words.join(', ')}`);
    return word;
  };
  const reader: Reader = { text, blank, number, maybe, one };
  return (await rows(path, file)).map((row, i) => {
    cells = row;
    line = i + 2;
    return make(reader);
  });
}

async function rows(path: string, file: string): Promise<Cells[]> {
  try {
    return parse(await readFile(path), { columns: true, bom: true, skip_empty_lines: true });
  } catch (cause) {
    throw new OuladError(`Reading the Open University data: ${path} cannot be read as CSV`, {
      cause,
      about: file,
      hint: 'The folder must hold courses, assessments, studentInfo, studentRegistration and studentAssessment.csv.',
    });
  }
}
