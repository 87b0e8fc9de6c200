import { groupBy } from '../group-by.ts';
import type { Ended, Piece } from '../model/measure.ts';
import type { Oulad, OuladAssessment, OuladResult } from './files.ts';

/**
 * The real enrolments as calibration sees them. Pieces are what counts: tutor-marked work, and computer-marked
 * work of a weight above 0 (that of weight 0 is nominally due at the end); exams are left out. Banked results
 * are no work of this presentation: the piece is left out. A course whose work has no weights at all (GGG)
 * counts its tutor-marked work. Hand-in days of computer-marked work are processing dates, so they say nothing
 * about lateness.
 */
export function endedEnrolments(oulad: Oulad): Ended[] {
  const pieces = groupBy(oulad.assessments.filter(isPiece), (a) => course(a));
  const results = new Map(
    oulad.results.map((result) => [resultKey(result.assessment, result.student), result]),
  );
  const lengths = new Map(oulad.courses.map((c) => [course(c), c.length]));
  const registrations = new Map(oulad.registrations.map((r) => [`${course(r)}/${r.student}`, r]));
  return oulad.students.map((student) => {
    const registration = registrations.get(`${course(student)}/${student.student}`);
    const withdrawn = student.result === 'Withdrawn' ? (registration?.unregistered ?? undefined) : undefined;
    return {
      result: student.result,
      registered: registration?.registered ?? undefined,
      withdrawn,
      length: lengths.get(course(student))!,
      pieces: (pieces.get(course(student)) ?? [])
        .filter((piece) => withdrawn === undefined || piece.day! < withdrawn)
        .sort((a, b) => a.day! - b.day!)
        .flatMap((piece) => asPiece(piece, results.get(resultKey(piece.id, student.student)))),
    };
  });
}

function asPiece(assessment: OuladAssessment, result: OuladResult | undefined): Piece[] {
  if (result?.banked) return [];
  return [
    {
      due: assessment.day!,
      handedIn: result?.submitted,
      score: result?.score ?? undefined,
      timed: assessment.type === 'TMA',
    },
  ];
}

function isPiece(assessment: OuladAssessment): boolean {
  if (assessment.day === null || assessment.type === 'Exam') return false;
  return assessment.type === 'TMA' || assessment.weight > 0;
}

function course(of: { module: string; presentation: string }): string {
  return `${of.module}/${of.presentation}`;
}

function resultKey(assessment: number, student: number): string {
  return `${assessment}/${student}`;
}
