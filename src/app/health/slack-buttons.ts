import type { NotifyConfig } from '../../campus/campus-schema.ts';
import { InputError } from '../../errors.ts';
import { failureOf } from '../../failure.ts';
import { isFromSlack, pressIn, type SlackPress } from '../../notify/slack-request.ts';
import type { SecretStore } from '../../ports/secrets.ts';
import { type ActingLake, type ActionOutcome, acknowledge, act, snooze } from './incidents.ts';

type SlackConfig = Extract<NotifyConfig, { kind: 'slack' }>;
type Person = NonNullable<SlackConfig['people']>[string];

/** What the buttons below messages in Slack need. */
export interface SlackButtonParts {
  /** The entries of `notify` that have a signing secret. */
  readonly entries: readonly SlackConfig[];
  readonly secrets: Pick<SecretStore, 'get'>;
  /** The lake with the rights of somebody. @throws InputError for a role that there is not */
  readonly openAs: (person: Person) => Promise<ActingLake>;
  /** Starts a run and waits for it. @returns how it ended, in words */
  readonly run: () => Promise<string>;
  /** Posts what is said of a press. */
  readonly reply: (url: string, text: string) => Promise<void>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A request as it came. */
export interface SlackRequest {
  readonly timestamp?: string;
  readonly signature?: string;
  readonly body: string;
}

/** What Slack is answered at once, and the work that goes on, which never rejects. */
export interface SlackAnswer {
  readonly status: 200 | 400 | 401;
  readonly work?: Promise<void>;
}

/** So many presses are remembered: Slack and networks repeat requests within minutes. */
const REMEMBERED = 1000;
const HOUR_MS = 3_600_000;

/**
 * Takes presses of the buttons below messages on incidents: each is verified, checked against the role of who pressed
 * it, done once, and answered to that person alone. Slack waits for three seconds, so the work goes on by itself.
 */
export function slackButtons(parts: SlackButtonParts): (request: SlackRequest) => Promise<SlackAnswer> {
  const seen = new Set<string>();
  return async (request) => {
    const entry = await entryOf(request, parts);
    if (!entry) return { status: 401 };
    const press = pressIn(request.body);
    if (!press) return { status: 400 };
    const key = `${press.member}/${press.action}/${press.at}`;
    if (seen.has(key)) return { status: 200 };
    seen.add(key);
    if (seen.size > REMEMBERED) seen.delete(seen.values().next().value!);
    return { status: 200, work: answered(press, personOf(entry, press), parts) };
  };
}

/** The entry whose app has signed the request. */
async function entryOf(request: SlackRequest, parts: SlackButtonParts): Promise<SlackConfig | undefined> {
  for (const entry of parts.entries) {
    if (!entry.signingSecret) continue;
    const secret = await parts.secrets.get(entry.signingSecret);
    if (isFromSlack(request, secret, parts.now())) return entry;
  }
  return undefined;
}

const personOf = ({ people = {} }: SlackConfig, { member }: SlackPress): Person | undefined =>
  Object.hasOwn(people, member) ? people[member] : undefined;

async function answered(
  press: SlackPress,
  person: Person | undefined,
  parts: SlackButtonParts,
): Promise<void> {
  const say = (text: string) => parts.reply(press.answerTo, text).catch(() => undefined);
  try {
    if (!person)
      throw new InputError('This member of Slack may not act on incidents.', {
        hint: 'Who operates the lake adds members under `people` in campus.yaml.',
      });
    const lake = await parts.openAs(person);
    const { text, isRun } = await done(press, person, lake);
    await say(text);
    if (isRun) await say(await parts.run());
  } catch (error) {
    const { message, hint } = failureOf(error);
    await say(`${message} ${hint}`);
  }
}

async function done(
  { action, incident, repair, hours = 24, at }: SlackPress,
  { name }: Person,
  lake: ActingLake,
): Promise<{ readonly text: string; readonly isRun?: boolean }> {
  const by = `${name} (Slack)`;
  if (action === 'acknowledge') {
    const { title, acknowledged } = await acknowledge(lake, incident, by);
    return { text: `Acknowledged by ${acknowledged!.by}: ${title}.` };
  }
  if (action === 'snooze') {
    const until = Number(at) * 1000 + hours * HOUR_MS;
    const { title, snoozed } = await snooze(lake, incident, until, by);
    return { text: `Snoozed until ${snoozed!.until.slice(0, 16).replace('T', ' ')} UTC: ${title}.` };
  }
  const outcome = await act(lake, incident, { repair: repair ?? '', confirm: true, by, key: `slack.${at}` });
  return { text: outcomeText(outcome), isRun: outcome.attempt?.repair === 'run-again' };
}

function outcomeText({ attempt, proposal, needsRun }: ActionOutcome): string {
  if (!attempt) return 'It was done before.';
  if (attempt.repair === 'run-again') return 'A run begins.';
  return `Done: ${proposal.text}.${needsRun ? ' The next run shows whether it helped.' : ''}`;
}
