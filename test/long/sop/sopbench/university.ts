/** The checks of the university, over one task's database. Each is a plain rule of its name. */
export interface University {
  readonly students: Readonly<Record<string, Student>>;
  readonly courses: Readonly<Record<string, Course>>;
  readonly majors: Readonly<
    Record<
      string,
      { readonly required_courses: readonly string[]; readonly min_gpa: number; readonly capacity: number }
    >
  >;
  readonly minors: Readonly<Record<string, Minor>>;
  readonly academic_calendar: {
    readonly registration_period: readonly [string, string];
    readonly graduation_deadline: string;
    readonly withdrawal_deadline: string;
    readonly major_change_deadline: string;
    readonly minor_declaration_deadline: string;
  };
  readonly interaction_time: string;
}

interface Student {
  readonly password: string;
  readonly major: string;
  readonly completed_credits: number;
  readonly gpa: number;
  readonly enrolled_courses: readonly string[];
  readonly completed_courses: readonly string[];
  readonly current_credits: number;
  readonly tuition_balance: number;
  readonly academic_status: string;
  readonly financial_aid_quarters: number;
  readonly residency: string;
  readonly income: number;
  readonly minors: readonly string[];
  readonly major_changes: number;
}

interface Course {
  readonly prerequisites: readonly string[];
  readonly capacity: number;
  readonly enrolled: number;
  readonly schedule: { readonly days: readonly string[]; readonly time: string };
  readonly credits: number;
  readonly division: string;
  readonly exam_schedule: string;
  readonly restricted_to_majors: readonly string[];
}

interface Minor {
  readonly required_courses: readonly string[];
  readonly min_credits: number;
  readonly min_gpa: number;
  readonly prerequisites: readonly string[];
  readonly max_overlap: number;
  readonly incompatible_majors: readonly string[];
}

type Limits = Readonly<Record<string, number>>;
type Args = Readonly<Record<string, string>>;
type Check = (args: Args) => boolean;

/** Credits from which on upper-division courses are open: 90, the standing of a junior in quarters. */
const UPPER_DIVISION_CREDITS = 90;
const GENERAL_EDUCATION_COURSES = 10;

export function checksOf(db: University, limits: Limits, known: Args): Readonly<Record<string, Check>> {
  const student = ({ username }: Args) => db.students[username!]!;
  const course = ({ course_code }: Args) => db.courses[course_code!]!;
  const today = db.interaction_time.slice(0, 10);
  const calendar = db.academic_calendar;
  const others = (args: Args) => student(args).enrolled_courses.flatMap((code) => db.courses[code] ?? []);
  const has = (codes: readonly string[], done: readonly string[]) =>
    codes.every((code) => done.includes(code));
  return {
    logged_in_user: (args) => student(args)?.password === known.password,
    internal_check_username_exists: ({ username }) => Object.hasOwn(db.students, username!),
    internal_check_course_exists: ({ course_code }) => Object.hasOwn(db.courses, course_code!),
    internal_check_major_exists: ({ major }) => Object.hasOwn(db.majors, major!),
    internal_check_minor_exists: ({ minor }) => Object.hasOwn(db.minors, minor!),
    meets_half_time_enrollment: (args) => student(args).current_credits >= limits.min_credits_financial_aid!,
    financial_aid_quota_available: (args) =>
      student(args).financial_aid_quarters < limits.max_financial_aid_quarters!,
    not_on_probation: (args) => student(args).academic_status.toLowerCase() !== 'probation',
    meets_min_gpa_for_aid: (args) => student(args).gpa >= limits.min_gpa_financial_aid!,
    meets_income_requirements: (args) => student(args).income <= limits.max_income_financial_aid!,
    valid_residency_status: (args) => student(args).residency === 'in-state',
    meets_major_gpa_requirement: (args) => student(args).gpa >= db.majors[args.new_major!]!.min_gpa,
    within_major_change_period: () => today <= calendar.major_change_deadline,
    under_max_major_changes: (args) => student(args).major_changes < limits.max_major_changes!,
    has_min_credits_for_major_change: (args) =>
      student(args).completed_credits >= limits.min_credits_major_change!,
    major_has_capacity: ({ new_major }) =>
      Object.values(db.students).filter(({ major }) => major === new_major).length <
      db.majors[new_major!]!.capacity,
    minor_compatible_with_major: (args) =>
      !db.minors[args.minor!]!.incompatible_majors.includes(student(args).major),
    under_max_minors: (args) => student(args).minors.length < limits.max_minors!,
    minor_course_overlap_check: (args) => {
      const own = db.majors[student(args).major]?.required_courses ?? [];
      const shared = db.minors[args.minor!]!.required_courses.filter((code) => own.includes(code)).length;
      return shared <= Math.min(db.minors[args.minor!]!.max_overlap, limits.max_overlap_minor_major!);
    },
    meets_minor_gpa_requirement: (args) => student(args).gpa >= db.minors[args.minor!]!.min_gpa,
    meets_minor_prerequisites: (args) =>
      has(db.minors[args.minor!]!.prerequisites, student(args).completed_courses) &&
      student(args).completed_credits >=
        Math.max(db.minors[args.minor!]!.min_credits, limits.min_credits_minor!),
    within_minor_declaration_period: () => today <= calendar.minor_declaration_deadline,
    course_enrolled_by_user: (args) => student(args).enrolled_courses.includes(args.course_code!),
    maintains_min_credits: (args) =>
      student(args).current_credits - course(args).credits >= limits.min_credits_drop!,
    within_withdrawal_period: () => today <= calendar.withdrawal_deadline,
    has_completed_prerequisites: (args) => has(course(args).prerequisites, student(args).completed_courses),
    within_registration_period: () =>
      today >= calendar.registration_period[0] && today <= calendar.registration_period[1],
    course_has_capacity: (args) => course(args).enrolled < course(args).capacity,
    credits_within_limit: (args) =>
      student(args).current_credits + course(args).credits <= limits.max_credits_per_quarter!,
    no_schedule_conflict: (args) => !others(args).some((other) => meets(other, course(args))),
    no_exam_conflict: (args) =>
      !others(args).some((other) => other.exam_schedule === course(args).exam_schedule),
    meets_division_requirements: (args) =>
      course(args).division !== 'upper' || student(args).completed_credits >= UPPER_DIVISION_CREDITS,
    course_not_completed: (args) => !student(args).completed_courses.includes(args.course_code!),
    meets_major_restriction: (args) => {
      const { restricted_to_majors: majors } = course(args);
      return majors.length === 0 || majors.includes(student(args).major);
    },
    major_requirements_met: (args) =>
      has(db.majors[student(args).major]!.required_courses, student(args).completed_courses),
    gen_ed_requirements_met: (args) =>
      student(args).completed_courses.filter((code) => code.startsWith('GEN')).length >=
      GENERAL_EDUCATION_COURSES,
    credit_requirement_met: (args) =>
      student(args).completed_credits >= limits.graduation_credit_requirement!,
    gpa_requirement_met: (args) => student(args).gpa >= limits.min_gpa_graduation!,
    tuition_balance_zero: (args) => student(args).tuition_balance === 0,
    before_graduation_deadline: () => today <= calendar.graduation_deadline,
  };
}

/** Whether two courses are at the same time of the same day. */
function meets(a: Course, b: Course): boolean {
  const [aFrom, aTo] = a.schedule.time.split('-');
  const [bFrom, bTo] = b.schedule.time.split('-');
  return a.schedule.days.some((day) => b.schedule.days.includes(day)) && aFrom! < bTo! && bFrom! < aTo!;
}
