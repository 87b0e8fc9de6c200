import { hasPolicy } from '../../access/load-policy.ts';
import { publicationOf } from '../../pipeline/published.ts';
import { type Caller, VARIABLE } from '../caller.ts';
import type { ApiLake, OpenAs } from '../data-api.ts';
import { ApiError } from '../errors.ts';
import { describeLake } from '../model/describe-lake.ts';
import { metadataModel, referencesIn } from './model.ts';
import { knowsRole } from './read.ts';
import { metadataRules } from './rules.ts';
import type { Metadata } from './schema.ts';

/**
 * Opens the lake for roles of Hasura's metadata too. Where the college has an access policy, a role of the metadata is one
 * of the policy as well, and sees what both give it; where it has none, the metadata is the policy.
 * @param whole as the administrator
 */
export function withMetadata(openAs: OpenAs, whole: ApiLake, metadata: Metadata): OpenAs {
  return async (caller) => {
    const { role } = caller;
    if (role === undefined || !knowsRole(metadata, role)) return openAs(caller);
    const isPolicy = await hasPolicy(whole.campus.root);
    const base = isPolicy ? await openAs(withoutExtra(caller)) : whole;
    const words = await describeLake(base, await publicationOf(base));
    const access = metadataRules(metadata, {
      role,
      variable: (name) => variableOf(caller, name),
      refersTo: referencesIn(words),
      ...(isPolicy && base.access ? { base: base.access } : {}),
    });
    const principal = caller.variables[`${VARIABLE}user-id`] ?? caller.subject ?? base.session.principal;
    return {
      ...base,
      session: isPolicy
        ? base.session
        : {
            ...base.session,
            principal,
            ...(principal === base.session.principal ? {} : { openedBy: base.session.principal }),
            role,
            purpose: caller.purpose ?? '',
          },
      access,
      variables: caller.variables,
      shape: (visible, words) => metadataModel(metadata, role, visible, words),
    };
  };
}

/** The policy knows the person; the other variables are the metadata's. */
const withoutExtra = (caller: Caller): Caller => ({
  ...caller,
  variables: Object.fromEntries(
    Object.entries(caller.variables).filter(([name]) => name === `${VARIABLE}user-id`),
  ),
});

/** @throws ApiError not-found, as Hasura answers where a variable is missing */
function variableOf({ variables }: Caller, name: string): string {
  const lower = name.toLowerCase();
  const value = Object.hasOwn(variables, lower) ? variables[lower] : undefined;
  if (value === undefined) throw new ApiError('not-found', `missing session variables: "${lower}"`);
  return value;
}
