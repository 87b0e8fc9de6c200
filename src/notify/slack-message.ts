import type { ActionableIncident, Link, Message, Section, Severity } from './message.ts';

/** Limits of Slack's Block Kit: https://docs.slack.dev/reference/block-kit/blocks */
const HEADER_LIMIT = 150;
const SECTION_LIMIT = 3_000;
/** What shows in a phone's notification; no limit of Slack. */
const FALLBACK_LIMIT = 300;
const BLOCK_LIMIT = 50;
const BUTTON_LIMIT = 75;
/**
 * All texts of a message together: https://github.com/slackapi/bolt-js/issues/2509 measured about 13,200 signs, beyond
 * which Slack answers `invalid_blocks`.
 */
const MESSAGE_LIMIT = 12_000;

type SectionBlock = {
  readonly type: 'section';
  readonly text: { readonly type: 'mrkdwn'; readonly text: string };
};

const mrkdwn = (text: string): SectionBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

type Text = { readonly type: 'plain_text'; readonly text: string };

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
type Button = {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: Text;
  /** At most 2,000 signs. */
  readonly value: string;
  readonly style?: 'primary';
  readonly confirm?: {
    readonly title: Text;
    readonly text: Text;
    readonly confirm: Text;
    readonly deny: Text;
  };
};

type Block =
  | SectionBlock
  | { readonly type: 'actions'; readonly block_id: string; readonly elements: readonly Button[] }
  | { readonly type: 'header'; readonly text: { readonly type: 'plain_text'; readonly text: string } }
  | {
      readonly type: 'context';
      readonly elements: readonly { readonly type: 'mrkdwn'; readonly text: string }[];
    };

export interface SlackMessage {
  /** What shows in the phone's notification. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

const MARKS: { readonly [severity in Severity]: string } = {
  info: ':white_check_mark:',
  warning: ':large_yellow_circle:',
  error: ':red_circle:',
};

/**
 * A message for Slack's incoming webhooks.
 * @param options.hasButtons whether an incident's message asks for an answer. Default: no, since nobody would take it
 */
export function slackMessage(
  { subject, severity, sections, links = [], reference, incident }: Message,
  { hasButtons = false }: { readonly hasButtons?: boolean } = {},
): SlackMessage {
  const body = within(
    [...sections.flatMap(sectionBlocks), ...linkBlocks(links)],
    MESSAGE_LIMIT - HEADER_LIMIT - FALLBACK_LIMIT - 200,
  );
  return {
    text: cut(escapeText(subject), FALLBACK_LIMIT),
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cut(`${MARKS[severity]} ${subject}`, HEADER_LIMIT) },
      },
      ...body,
      ...(hasButtons && incident ? [buttonsOf(incident)] : []),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: escapeText(`${reference.what} ${reference.id}`) }],
      },
    ],
  };
}

const plain = (text: string): Text => ({ type: 'plain_text', text });

/** What can be answered. The value of each is what `src/notify/slack-request.ts` reads. */
function buttonsOf({ id, repair }: ActionableIncident): Block {
  const value = (more: object = {}) => JSON.stringify({ incident: id, ...more });
  return {
    type: 'actions',
    block_id: 'incident',
    elements: [
      {
        type: 'button',
        action_id: 'acknowledge',
        text: plain('Acknowledge'),
        value: value(),
        style: 'primary',
      },
      ...(repair
        ? [
            {
              type: 'button' as const,
              action_id: 'fix',
              text: plain(cut(repair.title, BUTTON_LIMIT)),
              value: value({ repair: repair.name }),
              confirm: {
                title: plain(cut(repair.title, HEADER_LIMIT)),
                text: plain('It is put on record in ops.repairs, with your name.'),
                confirm: plain('Do it'),
                deny: plain('Leave it'),
              },
            },
          ]
        : []),
      { type: 'button', action_id: 'snooze', text: plain('Snooze for a day'), value: value({ hours: 24 }) },
    ],
  };
}

/** As many blocks as fit; the first that does not is cut, and those after it are left out with a word. */
function within(blocks: readonly SectionBlock[], limit: number): SectionBlock[] {
  const kept: SectionBlock[] = [];
  let left = limit;
  for (const block of blocks) {
    if (block.text.text.length > left || kept.length === BLOCK_LIMIT - 4) {
      return [...kept, mrkdwn('… the message is longer than Slack takes: `lake status` shows all of it.')];
    }
    kept.push(block);
    left -= block.text.text.length;
  }
  return kept;
}

/** One section as few blocks as its lines need. */
function sectionBlocks({ title, lines }: Section): SectionBlock[] {
  const texts = lines.map((line) =>
    cut(escapeText(title ? `• ${line}` : line), SECTION_LIMIT - HEADER_LIMIT),
  );
  const blocks: string[] = [];
  let text = title ? `*${cut(escapeText(title), HEADER_LIMIT - 3)}*` : '';
  for (const line of texts) {
    if (text.length + 1 + line.length > SECTION_LIMIT) {
      blocks.push(text);
      text = '';
    }
    text = text ? `${text}\n${line}` : line;
  }
  return [...blocks, text].map(mrkdwn);
}

/** One link a line: https://docs.slack.dev/messaging/formatting-message-text#linking-urls */
function linkBlocks(links: readonly Link[]): SectionBlock[] {
  const lines = links.map(({ title, url }) => `<${escapeText(url)}|${cut(escapeText(title), HEADER_LIMIT)}>`);
  const fitting = lines.filter((line) => line.length <= SECTION_LIMIT);
  return fitting.map(mrkdwn);
}

/** The three characters that Slack reads as control: https://docs.slack.dev/messaging/formatting-message-text */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cuts by code points and never within an escape. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text
    .slice(0, limit - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/&[a-z]{0,3}$/, '')}…`;
}
