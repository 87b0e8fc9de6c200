/** The courses and programs that the college offers. */
export interface Course {
  readonly n: number;
  readonly subject: string;
  readonly number: string;
  readonly title: string;
  readonly credits: number;
}

export interface Program {
  readonly n: number;
  readonly code: string;
  readonly title: string;
  readonly degree: 'AA' | 'AS' | 'AAS' | 'CERT';
  readonly subjects: readonly string[];
}

const TITLES: readonly (readonly [subject: string, ...titles: string[]])[] = [
  ['ENG', 'English Composition I', 'English Composition II', 'World Literature'],
  ['MAT', 'College Algebra', 'Calculus I', 'Elementary Statistics'],
  ['SEM', 'First-Year Seminar'],
  ['BIO', 'General Biology I', 'Anatomy and Physiology', 'Microbiology'],
  ['PSY', 'Introduction to Psychology', 'Human Development', 'Abnormal Psychology'],
  ['CIS', 'Introduction to Computing', 'Programming I', 'Database Systems'],
  ['BUS', 'Introduction to Business', 'Principles of Management', 'Business Law'],
  ['HIS', 'United States History I', 'World Civilizations', 'History of the Américas'],
  ['SOC', 'Introduction to Sociology', 'Social Problems', 'Marriage and Family'],
  ['COM', 'Public Speaking', 'Interpersonal Communication', 'Mass Media'],
  ['CHM', 'General Chemistry I', 'General Chemistry II', 'Organic Chemistry I'],
  ['NUR', 'Fundamentals of Nursing', 'Pharmacology', 'Adult Health'],
  ['ACC', 'Financial Accounting', 'Managerial Accounting', 'Payroll Accounting'],
  ['ART', 'Art Appreciation', 'Drawing I', 'Digital Photography'],
  ['SPA', 'Español elemental I', 'Español elemental II', 'Español intermedio'],
  ['PHY', 'General Physics I', 'General Physics II', 'Astronomy'],
  ['ECO', 'Macroeconomics', 'Microeconomics', 'Money and Banking'],
];

export const COURSES: readonly Course[] = TITLES.flatMap(([subject, ...titles]) =>
  titles.map((title, level) => ({ subject, title, level })),
).map(({ subject, title, level }, i) => ({
  n: i + 1,
  subject,
  number: String(101 + level * 50),
  title,
  credits: subject === 'SEM' ? 1 : ['BIO', 'CHM', 'PHY', 'NUR'].includes(subject) ? 4 : 3,
}));

/** What nearly every student takes in the first semester. */
export const FIRST_COURSES = ['ENG', 'MAT', 'SEM'];

export const PROGRAMS: readonly Program[] = (
  [
    ['LIB-AA', 'Liberal Arts', 'AA', 'ENG HIS PSY SOC ART SPA COM'],
    ['BUS-AA', 'Business Administration', 'AA', 'BUS ACC ECO CIS COM'],
    ['STM-AS', 'Science and Mathematics', 'AS', 'MAT BIO CHM PHY CIS'],
    ['CIS-AAS', 'Computer Information Systems', 'AAS', 'CIS MAT BUS COM'],
    ['NUR-AAS', 'Nursing', 'AAS', 'NUR BIO CHM PSY'],
    ['ACC-CERT', 'Accounting Certificate', 'CERT', 'ACC BUS ECO'],
  ] as const
).map(([code, title, degree, subjects], i) => ({
  n: i + 1,
  code,
  title,
  degree,
  subjects: subjects.split(' '),
}));
