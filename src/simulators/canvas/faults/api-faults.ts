import { jsonAnswer, textAnswer } from '../answer.ts';
import {
  ApiError,
  authenticationError,
  type ForbiddenKind,
  forbidden,
  gatewayTimeout,
  loginRefused,
  notFound,
  outOfRange,
  processingError,
  snapshotRequired,
  tooManyRequests,
  userAgentRequired,
  validationError,
} from '../api-errors.ts';
import type { Endpoint } from '../call.ts';
import type { FaultKind, Strike } from './fault.ts';

const JOBS: readonly Endpoint[] = ['create-job', 'get-job'];
const QUERIES: readonly Endpoint[] = ['list', 'schema', 'create-job'];
const API: readonly Endpoint[] = ['list', 'schema', 'create-job', 'get-job', 'object-url'];
const ALL: readonly Endpoint[] = ['login', ...API];

/** A kind that answers with an error instead of doing anything. */
function refusal<What extends string>(
  what: What,
  endpoints: readonly Endpoint[],
  calls: FaultKind['calls'],
  about: string,
  error: (strike: Strike) => ApiError,
): FaultKind<What> {
  return {
    what,
    endpoints,
    calls,
    about,
    strike: (strike) => {
      throw error(strike);
    },
  };
}

function account<What extends string>(what: What, type: ForbiddenKind, about: string): FaultKind<What> {
  return refusal(what, API, 'report', about, () => forbidden(type, about));
}

/** Failures of the API itself: refusals, limits, gateways. */
export const API_FAULTS = [
  refusal('login-refused', ['login'], 'report', '403: the client id or secret is wrong', () =>
    loginRefused(403, 'Missing or invalid client credentials.'),
  ),
  {
    what: 'token-short-lived',
    endpoints: ['login'],
    calls: 'recover',
    about: 'a token that ends after `seconds` (60)',
    strike: ({ call, parts, fault }: Strike) =>
      jsonAnswer(200, parts.tokens.login(call, fault.seconds ?? 60)),
  },
  refusal('authentication-error', API, 'recover', '401: the token is no longer accepted', () =>
    authenticationError('The access token has been revoked.'),
  ),
  account('account-not-onboarded', 'AccountNotOnboarded', 'The account is not onboarded.'),
  account('account-disabled', 'AccountDisabled', 'Access of the account is disabled.'),
  account('account-under-maintenance', 'AccountUnderMaintenance', 'The account is under maintenance.'),
  refusal('request-type-forbidden', ['create-job'], 'report', '403: this kind of query is not allowed', () =>
    forbidden('RequestTypeForbidden', 'Requests of this type are forbidden.'),
  ),
  refusal('user-agent-refused', API, 'report', '403 whose `error` is a string', () => userAgentRequired()),
  refusal('validation-error', ['create-job'], 'report', '400: the request does not fit', ({ call }) =>
    validationError('The request does not conform to the schema.', call.body),
  ),
  {
    ...refusal('out-of-range', ['create-job'], 'recover', '400: `since` is too old', ({ parts }) =>
      outOfRange(new Date(parts.now()).toISOString()),
    ),
    onlyIncrements: true,
  },
  {
    what: 'snapshot-required',
    endpoints: ['create-job'],
    onlyIncrements: true,
    calls: 'recover',
    about: '400: the table has been reloaded; increments from before are refused from now on',
    strike: ({ call, parts }: Strike) => {
      parts.tables.get(call.namespace ?? '', call.table ?? '').reloads.push(parts.now());
      throw snapshotRequired(new Date(parts.now()).toISOString());
    },
  },
  refusal('table-not-found', ['schema', 'create-job'], 'report', '404: the table is gone', ({ call }) =>
    notFound('table', call.table ?? ''),
  ),
  refusal('rate-limited', ALL, 'recover', '429 with Retry-After of `seconds` (1)', ({ fault }) =>
    tooManyRequests(fault.seconds ?? 1),
  ),
  refusal('rate-limited-bare', ALL, 'recover', '429 without Retry-After', () => tooManyRequests()),
  refusal('processing-error', [...QUERIES, ...JOBS], 'recover', '500 ProcessingError', () =>
    processingError('An unexpected error occurred.'),
  ),
  refusal('processing-error-no-message', [...QUERIES, ...JOBS], 'recover', '500, its message empty', () =>
    processingError(''),
  ),
  refusal('gateway-timeout', API, 'recover', '504: an error with nothing but a message', () =>
    gatewayTimeout(),
  ),
  refusal('html-error-page', ALL, 'recover', '502: a page for people instead of JSON', () => {
    const page = '<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>';
    return new ApiError(textAnswer(502, 'text/html', page));
  }),
  {
    what: 'half-json',
    endpoints: ALL,
    calls: 'recover',
    about: '200 whose JSON ends half-way',
    strike: async ({ carryOn }: Strike) => {
      const right = await carryOn();
      const text = Buffer.concat(right.body).toString();
      return textAnswer(right.status, 'application/json', text.slice(0, Math.floor(text.length / 2)));
    },
  },
  {
    what: 'connection-reset',
    endpoints: ALL,
    calls: 'recover',
    about: 'the connection breaks after the request was carried out, before the answer',
    strike: async ({ carryOn }: Strike) => ({ ...(await carryOn()), delivery: { cutAt: 0 } }),
  },
  {
    what: 'slow-answer',
    endpoints: ALL,
    calls: 'recover',
    about: 'the answer comes after `seconds` (2)',
    strike: async ({ carryOn, fault }: Strike) => ({
      ...(await carryOn()),
      delivery: { delayMs: (fault.seconds ?? 2) * 1000 },
    }),
  },
] as const satisfies readonly FaultKind[];
