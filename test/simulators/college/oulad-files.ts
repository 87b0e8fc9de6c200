import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A hand-made folder in the form of the Open University data: two presentations, four students, every oddity. */
export const FILES = {
  'courses.csv': `code_module,code_presentation,module_presentation_length
AAA,2013J,100
BBB,2013B,60
`,
  'assessments.csv': `code_module,code_presentation,id_assessment,assessment_type,date,weight
AAA,2013J,1752,TMA,19,40
AAA,2013J,1753,CMA,54,60
AAA,2013J,1757,Exam,,100
BBB,2013B,14984,TMA,20,100
BBB,2013B,14990,Exam,60,100
`,
  'studentInfo.csv': `code_module,code_presentation,id_student,gender,region,highest_education,imd_band,age_band,num_of_prev_attempts,studied_credits,disability,final_result
AAA,2013J,11391,M,East Anglian Region,HE Qualification,90-100%,55<=,0,240,N,Pass
AAA,2013J,28400,F,Scotland,HE Qualification,20-Oct,35-55,0,60,N,Withdrawn
AAA,2013J,2716795,F,"Wales, and more",A Level or Equivalent,,0-35,1,60,Y,Fail
BBB,2013B,2716795,F,Wales,A Level or Equivalent,?,0-35,0,60,Y,Withdrawn
BBB,2013B,30268,M,London Region,Lower Than A Level,30-40%,0-35,0,30,N,Distinction
`,
  'studentRegistration.csv': `code_module,code_presentation,id_student,date_registration,date_unregistration
AAA,2013J,11391,-159,
AAA,2013J,28400,-53,12
AAA,2013J,2716795,-10,
BBB,2013B,2716795,-30,-5
BBB,2013B,30268,5,
`,
  'studentAssessment.csv': `id_assessment,id_student,date_submitted,is_banked,score
1752,11391,18,0,78
1753,11391,57,0,
1752,28400,14,0,61
1752,2716795,-1,1,55
1753,2716795,-1,1,
14984,30268,20,0,100
14990,30268,60,0,90
`,
} as const;

export type FileName = keyof typeof FILES;

/** Writes the folder under the system's temporary directory; the caller removes it. */
export async function writeOulad(changed: Partial<Record<FileName, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'campus-lake-oulad-'));
  for (const [name, text] of Object.entries({ ...FILES, ...changed }))
    await writeFile(join(folder, name), text);
  return folder;
}
