import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Topic } from '../../ports/platform.ts';
import { called } from './errors.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: ASCII, no line breaks, fewer than 100 characters. */
const SUBJECT_LENGTH = 99;
const MESSAGE_BYTES = 262_144;
const CUT = '\n… (cut: `lake status --target aws` tells all)';

/** The team's SNS topic: its subscribers are notified, by e-mail, text message or queue. */
export function openTopic({ sns, arn }: { readonly sns: SNSClient; readonly arn: string }): Topic {
  return {
    async publish({ subject, text }) {
      await called(
        'Telling the SNS topic',
        'notify',
        sns.send(new PublishCommand({ TopicArn: arn, Subject: plain(subject), Message: cut(text) })),
      );
    },
  };
}

/** The subject in the characters that SNS takes: accents off, and a question mark for what has no plain form. */
function plain(subject: string): string {
  const ascii = subject
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^ -~]/gu, '?')
    .trim();
  return ascii.slice(0, SUBJECT_LENGTH) || 'campus-lake';
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MESSAGE_BYTES) return text;
  // What is cut in the middle of a character becomes one of three bytes.
  const whole = bytes.subarray(0, MESSAGE_BYTES - Buffer.byteLength(CUT) - 3).toString();
  return whole + CUT;
}
