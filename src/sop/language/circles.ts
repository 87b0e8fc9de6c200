import { type Procedure, type Step, stepsOf } from './tree.ts';

type See = Extract<Step, { kind: 'see' }>;

/** Steps that lead back to their own procedure: by themselves, or through procedures that see each other. */
export function circlesOf(procedure: Procedure, procedures: ReadonlyMap<string, Procedure>): See[] {
  const reaches = (name: string, seen: ReadonlySet<string>): boolean => {
    if (name === procedure.name) return true;
    const other = procedures.get(name);
    if (!other || seen.has(name)) return false;
    return seesOf(other).some((step) => reaches(step.procedure, new Set([...seen, name])));
  };
  return seesOf(procedure).filter((step) => reaches(step.procedure, new Set()));
}

const seesOf = ({ steps }: Procedure): See[] => [...stepsOf(steps)].filter((step) => step.kind === 'see');
