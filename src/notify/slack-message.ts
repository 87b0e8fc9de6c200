import { type Section, sectionsOf, subjectOf } from './compose.ts';
import type { RunSummary } from './summary.ts';

/** Limits of Slack's Block Kit: https://docs.slack.dev/reference/block-kit/blocks */
const HEADER_LIMIT = 150;
const SECTION_LIMIT = 3_000;
const BLOCK_LIMIT = 50;

type Block =
  | { readonly type: 'header'; readonly text: { readonly type: 'plain_text'; readonly text: string } }
  | { readonly type: 'section'; readonly text: { readonly type: 'mrkdwn'; readonly text: string } }
  | {
      readonly type: 'context';
      readonly elements: readonly { readonly type: 'mrkdwn'; readonly text: string }[];
    };

export interface SlackMessage {
  /** What shows in the phone's notification. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** A run's message for Slack's incoming webhooks. */
export function slackMessage(summary: RunSummary): SlackMessage {
  const subject = subjectOf(summary);
  const mark = summary.status === 'succeeded' ? ':white_check_mark:' : ':red_circle:';
  const body = sectionsOf(summary).flatMap(sectionBlocks);
  return {
    text: escapeText(subject),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(`${mark} ${subject}`, HEADER_LIMIT) } },
      ...body.slice(0, BLOCK_LIMIT - 2),
      { type: 'context', elements: [{ type: 'mrkdwn', text: `Run ${escapeText(summary.run)}` }] },
    ],
  };
}

/** One section as few blocks as its lines need. */
function sectionBlocks({ title, lines }: Section): Block[] {
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
  return [...blocks, text].map((t) => ({ type: 'section', text: { type: 'mrkdwn', text: t } }));
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
