import { describe, expect, it } from 'vitest';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { deploy, type Resource } from '../../infra/deployed.ts';

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

/** The resources of the access stack where these people are let in. */
function accessOf(analysts: readonly string[], stewards: readonly string[]) {
  const people = { analysts: analysts.map(role), stewards: stewards.map(role), admins: [role('admin')] };
  const aws = { access: { mode: 'lake-formation', ...people } };
  return deploy(settingsFor({ ...CAMPUS, aws }), { judged: false }).stacks.get('access')!;
}

/** What CloudFormation compares: an order among resources is none of it. */
const properties = (resources: Readonly<Record<string, Resource>>) =>
  Object.fromEntries(
    Object.entries(resources).map(([id, { Type, Properties }]) => [id, JSON.stringify({ Type, Properties })]),
  );
const without = (resources: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(resources).filter(([, text]) => !text.includes(`"${role(name)}"`)));

describe('The grants of people', () => {
  it.each([
    ['first', ['ann', 'bob', 'eve'], 'ann'],
    ['middle', ['bob', 'ann', 'eve'], 'ann'],
    ['last', ['bob', 'eve', 'ann'], 'ann'],
  ])('stay as they are when the %s of them leaves, as analyst or as steward', (_, people, leaver) => {
    const stay = people.filter((name) => name !== leaver);
    const before = properties(accessOf(people, ['sue']));

    expect(properties(accessOf(stay, ['sue']))).toEqual(without(before, leaver));
    expect(Object.keys(without(before, leaver)).length).toBeLessThan(Object.keys(before).length);
    const asStewards = properties(accessOf(['sue'], people));
    expect(properties(accessOf(['sue'], stay))).toEqual(without(asStewards, leaver));
  });

  it('are one set for a person who stands twice in a list, or whose place in it changes', () => {
    const once = properties(accessOf(['ann', 'bob'], []));

    expect(properties(accessOf(['bob', 'ann', 'bob'], []))).toEqual(once);
  });
});
