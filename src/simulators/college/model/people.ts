import { Random } from '../random.ts';
import { PROGRAMS, type Program } from './catalogue.ts';
import { drawName, loginOf, type Name } from './names.ts';
import { TERMS, type Term } from './terms.ts';

export interface Person {
  /** Number in the whole college: the local part of ids on both sides. */
  readonly n: number;
  readonly name: Name;
  readonly login: string;
  /** The number printed on the card: `pseudonyms.sis_user_id` = `registrar.persons.person_id`. */
  readonly sisId: string;
  /** When the SIS and, the night after, Canvas came to know the person. */
  readonly knownAt: number;
}

export interface Student extends Person {
  readonly program: Program;
  /** Terms attended, in order; the first can lie before the history begins. */
  readonly terms: readonly Term[];
  /** The term that is the student's first at any college; undefined for those who were here before. */
  readonly firstTerm: Term | undefined;
  /** How likely to do well, standard normal. What the student's courses have in common. */
  readonly strength: number;
}

export interface Population {
  readonly students: readonly Student[];
  readonly teachers: readonly Person[];
  readonly assistants: readonly Person[];
  readonly observers: readonly (Person & { readonly of: Student })[];
}

/** New students are a little weaker and the others a little stronger, so that the whole stays as measured. */
const NEW_IN_SPRING = 0.15;
const NEW_IN_FALL = 0.3;
const NEW_STRENGTH = -0.3;

/**
 * The people of the college. `size` counts the students of the current term: 30 % of them new; the others came
 * over from the spring, which a part did not survive.
 */
export function populate(
  seed: number,
  size: number,
  opens: number,
  dayAt: (day: number, minutes: number) => number,
): Population {
  const [spring, fall, next] = TERMS as [Term, Term, Term];
  let n = 0;
  const person = (kind: string, knownAt: number): Person => {
    n += 1;
    const name = drawName(new Random(seed, 'name', n));
    const sisId = `${kind}${String(1_000_000 + n)}`;
    return { n, name, login: loginOf(name, 1000 + n), sisId, knownAt };
  };
  const teachers = Array.from({ length: Math.max(4, Math.ceil(size / 40)) }, () => person('F', opens));
  const staying = Math.round(size * (1 - NEW_IN_FALL));
  const leaving = Math.round(size * 0.2);
  const students = Array.from({ length: size + leaving }, (_, i): Student => {
    const random = new Random(seed, 'student', i);
    const inSpring = i < staying + leaving;
    const inFall = i >= leaving;
    const isNew = inSpring ? random.chance(NEW_IN_SPRING) : true;
    const begins = inSpring ? spring : fall;
    const share = inSpring ? NEW_IN_SPRING : NEW_IN_FALL;
    const lift = isNew ? NEW_STRENGTH : (-NEW_STRENGTH * share) / (1 - share);
    const strength = random.normal() + lift;
    const returns = inFall && strength > -0.9 && random.chance(0.8);
    const applied = begins.registrationDay - random.between(0, 200);
    return {
      ...person('S', Math.max(opens, dayAt(applied, random.between(480, 1020)))),
      program: random.pick(PROGRAMS),
      terms: [...(inSpring ? [spring] : []), ...(inFall ? [fall] : []), ...(returns ? [next] : [])],
      firstTerm: isNew ? begins : undefined,
      strength,
    };
  });
  const assistants = Array.from({ length: Math.ceil(size / 150) }, () => person('A', opens));
  const observers = students
    .filter((student, i) => student.firstTerm !== undefined && new Random(seed, 'parent', i).chance(0.08))
    .map((of) => ({ ...person('P', Math.max(opens, of.knownAt)), of }));
  return { students, teachers, assistants, observers };
}
