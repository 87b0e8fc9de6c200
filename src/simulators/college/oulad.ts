import { Calendar, DAY } from './calendar.ts';
import type { College } from './college.ts';
import { OuladError } from './errors.ts';
import { generateCollege } from './generate.ts';
import { systemHistory } from './history.ts';
import { fillCanvas } from './oulad/canvas.ts';
import { fillWork } from './oulad/canvas-work.ts';
import { readOuladFiles } from './oulad/files.ts';
import { enrolmentsOf, handedInAt, OULAD_ZONE, presentationsOf } from './oulad/presentations.ts';
import { declarations, fillRegistrar } from './oulad/registrar.ts';
import { Shapes } from './oulad/shapes.ts';

/**
 * The real students of the Open University Learning Analytics Dataset behind the same doors as the generated
 * ones: the same Canvas and SIS tables (those that the data say nothing of are empty), released day by day.
 * How each field maps stands in docs/simulated-college.md.
 * @param folder holds courses, assessments, studentInfo, studentRegistration and studentAssessment.csv
 * @throws OuladError naming file and line of what is wrong
 */
export async function readOulad(folder: string): Promise<College> {
  const oulad = await readOuladFiles(folder);
  if (oulad.courses.length === 0)
    throw new OuladError(`${folder}/courses.csv names no course`, { about: 'courses.csv' });
  const calendar = new Calendar(OULAD_ZONE);
  const presentations = presentationsOf(oulad, calendar);
  const enrolments = enrolmentsOf(oulad, presentations, calendar);
  const model = generateCollege({ students: 1, seed: 1, days: 1 });
  const canvas = new Shapes(model.canvas.tables);
  fillCanvas(canvas, presentations, enrolments, calendar);
  fillWork(canvas, presentations, enrolments, calendar);
  const sis = new Shapes(model.sis.tables);
  fillRegistrar(sis, presentations, enrolments, calendar);
  const opens = Math.min(...presentations.map(({ madeAt }) => madeAt));
  let last = Math.max(...presentations.map(({ endsAt }) => endsAt));
  for (const enrolment of enrolments) {
    last = Math.max(last, enrolment.since, enrolment.leftAt ?? 0);
    for (const result of enrolment.results.values())
      last = Math.max(last, handedInAt(calendar, enrolment, result));
  }
  const closes = calendar.midnight(calendar.dayOf(last + DAY));
  return {
    name: 'The Open University (anonymised)',
    timeZone: OULAD_ZONE,
    provenance:
      'Open University Learning Analytics Dataset: Kuzilek J., Hlosta M., Zdrahal Z., Sci. Data 4:170171 (2017), CC BY 4.0; day numbers turned into dates, reshaped into tables.',
    opens,
    closes,
    canvas: systemHistory(canvas.tables(), closes),
    sis: systemHistory([...sis.tables(), declarations(enrolments)], closes),
  };
}
