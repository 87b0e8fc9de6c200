/** Session variables begin so, in any case. */
export const VARIABLE = 'x-hasura-';

/** Who asks the API, as the entrance has learned it. */
export interface Caller {
  /** Default: the role of the server. */
  readonly role?: string;
  /** By name in small letters: `x-hasura-user-id`. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the rows are used for. Default: that of the role, where it has one only. */
  readonly purpose?: string;
  /** Who asks, as an issuer has signed it (`sub`). Absent: the variables are those of somebody with the server's token. */
  readonly subject?: string;
}

/** The header that names what rows are used for. */
const PURPOSE_HEADERS = ['x-lake-purpose', 'x-hasura-purpose'];

/** Headers in which a secret stands, which is no variable. */
const SECRETS = new Set(['x-hasura-admin-secret', 'x-hasura-access-key']);

/** A caller whose headers are believed, since it has the token of the server. */
export function callerOfHeaders(headers: Headers): Caller {
  const variables: Record<string, string> = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower.startsWith(VARIABLE) && !SECRETS.has(lower)) variables[lower] = value;
  }
  const { 'x-hasura-role': role } = variables;
  return { ...(role === undefined ? {} : { role }), variables, ...purposeOf(headers) };
}

/** The purpose that a request names. */
export function purposeOf(headers: Headers): { readonly purpose?: string } {
  const purpose = PURPOSE_HEADERS.map((name) => headers.get(name)).find((value) => value !== null);
  return purpose === undefined || purpose === null ? {} : { purpose };
}
