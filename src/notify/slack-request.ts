import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request that is older may be one that somebody has kept. */
const FRESH_SECONDS = 300;

/**
 * Whether a request comes from Slack, and now: https://docs.slack.dev/authentication/verifying-requests-from-slack
 * @param request.body as it came, before anything reads it
 * @param now epoch ms
 */
export function isFromSlack(
  {
    timestamp,
    signature,
    body,
  }: { readonly timestamp?: string; readonly signature?: string; readonly body: string },
  signingSecret: string,
  now: number,
): boolean {
  if (signingSecret === '' || !/^\d{1,12}$/.test(timestamp ?? '') || signature === undefined) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > FRESH_SECONDS) return false;
  const mac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  const [given, wanted] = [Buffer.from(signature), Buffer.from(`v0=${mac}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** A button that somebody has pressed below a message on an incident. */
export interface SlackPress {
  /** Id of the member who has pressed it. */
  readonly member: string;
  readonly action: 'acknowledge' | 'fix' | 'snooze';
  readonly incident: string;
  /** With `fix`. */
  readonly repair?: string;
  /** With `snooze`. */
  readonly hours?: number;
  /** Tells two presses apart, and the same one that comes twice. Seconds since 1970, with a fraction. */
  readonly at: string;
  /** Where Slack takes what is said of it. */
  readonly answerTo: string;
}

const ACTIONS = ['acknowledge', 'fix', 'snooze'] as const;

/**
 * The press in the body of a request: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
 * @returns undefined where it is none
 */
export function pressIn(body: string): SlackPress | undefined {
  const payload = parsed(new URLSearchParams(body).get('payload'));
  const action = Array.isArray(payload?.actions) ? objectOf(payload.actions[0]) : undefined;
  const value = parsed(action?.value);
  const member = objectOf(payload?.user)?.id;
  const kind = ACTIONS.find((one) => one === action?.action_id);
  const at = action?.action_ts;
  if (payload?.type !== 'block_actions' || kind === undefined || typeof member !== 'string') return undefined;
  if (typeof value?.incident !== 'string' || typeof at !== 'string' || !/^\d{1,12}(\.\d{1,9})?$/.test(at))
    return undefined;
  return {
    member,
    action: kind,
    incident: value.incident,
    at,
    answerTo: typeof payload.response_url === 'string' ? payload.response_url : '',
    ...(typeof value.repair === 'string' ? { repair: value.repair } : {}),
    ...(typeof value.hours === 'number' ? { hours: value.hours } : {}),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Fields | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : undefined;

function parsed(text: unknown): Fields | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
