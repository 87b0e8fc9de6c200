import { ADMINISTRATOR } from '../../access/authorize.ts';
import { type Caller, purposeOf, VARIABLE } from '../caller.ts';
import { ApiError } from '../errors.ts';

/** The lake's own role, under both of its names: no issuer gives it. */
const OWN = new Set([ADMINISTRATOR, 'admin']);

/** What is inside of a signed token. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Who asks, by claims whose signature was checked, in the manner of Hasura: a list of allowed roles, a default one, and
 * variables, all texts. Of the headers only the wished role and the purpose count.
 * @param path the claim, or the path of nested ones, that holds Hasura's
 * @throws ApiError jwt-missing-role-claims, jwt-invalid-claims; access-denied where the role is not among the allowed
 */
export function callerOfClaims(claims: Claims, path: string | readonly string[], headers: Headers): Caller {
  const variables = variablesOf(claimsAt(claims, [path].flat()));
  const allowed = variables.get('allowed-roles');
  if (!Array.isArray(allowed) || allowed.length === 0 || allowed.some((role) => typeof role !== 'string'))
    throw new ApiError(
      'jwt-missing-role-claims',
      `The token has no claim ${VARIABLE}allowed-roles, a list of names.`,
    );
  const standard = variables.get('default-role');
  if (typeof standard !== 'string')
    throw new ApiError('jwt-missing-role-claims', `The token has no claim ${VARIABLE}default-role, a name.`);
  const role = headers.get(`${VARIABLE}role`) ?? standard;
  // One answer for a role that there is not and one that is not allowed: nobody learns the names of roles.
  if (!allowed.includes(role) || OWN.has(role.toLowerCase()))
    throw new ApiError('access-denied', 'Your requested role is not in allowed roles');
  const { sub } = claims;
  if (typeof sub !== 'string' || sub === '')
    throw new ApiError('jwt-invalid-claims', 'The token does not say who asks: it has no claim sub.');
  const own: Record<string, string> = { [`${VARIABLE}role`]: role };
  for (const [name, value] of variables) {
    if (name === 'allowed-roles' || name === 'default-role' || name === 'role') continue;
    if (typeof value !== 'string')
      throw new ApiError('jwt-invalid-claims', `The claim ${VARIABLE}${name} of the token is no text.`);
    own[`${VARIABLE}${name}`] = value;
  }
  return { role, variables: own, subject: sub, ...purposeOf(headers) };
}

/** The object at a path. Issuers that can only make flat claims write it as JSON. */
function claimsAt(claims: Claims, path: readonly string[]): Claims {
  let found: unknown = claims;
  for (const key of path) found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  if (typeof found === 'string') found = parsed(found);
  if (!isObject(found))
    throw new ApiError('jwt-invalid-claims', `The token has no claims at ${path.join(' > ')}.`);
  return found;
}

/** By the name in small letters behind `x-hasura-`. */
function variablesOf(claims: Claims): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(claims)) {
    const lower = name.toLowerCase();
    if (!lower.startsWith(VARIABLE)) continue;
    const short = lower.slice(VARIABLE.length);
    if (found.has(short))
      throw new ApiError('jwt-invalid-claims', `The claim ${lower} of the token is there twice.`);
    found.set(short, value);
  }
  return found;
}

const isObject = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
