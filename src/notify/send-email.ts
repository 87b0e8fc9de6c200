import { createTransport } from 'nodemailer';
import pRetry, { AbortError } from 'p-retry';
import type { NotifyConfig } from '../campus/campus-schema.ts';
import type { Message } from './compose.ts';
import { NotifyError } from './errors.ts';

type EmailConfig = Extract<NotifyConfig, { kind: 'email' }>;

const TIMEOUT_MS = 15_000;
const RETRIES = 2;

/**
 * Sends the message by SMTP: TLS from the start on port 465, otherwise by STARTTLS, which is demanded where a
 * password is sent. Tries again where the server says "later" (4xx) or the connection breaks.
 * @throws NotifyError
 */
export async function sendEmail(config: EmailConfig, message: Message, password?: string): Promise<void> {
  const { host, port, from, to, user } = config;
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    requireTLS: user !== undefined,
    ...(user ? { auth: { user, pass: password ?? '' } } : {}),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const mail = {
    from,
    to,
    subject: message.subject,
    text: message.text,
    // Machines answer machines otherwise: RFC 3834.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
  try {
    await pRetry(
      () =>
        transport.sendMail(mail).catch((error: { responseCode?: number; code?: string; message: string }) => {
          const said = error.responseCode
            ? `it answered ${error.responseCode}`
            : (error.code ?? error.message);
          const later = !error.responseCode ? CONNECTION.has(error.code ?? '') : error.responseCode < 500;
          throw later ? new Error(said) : new AbortError(said);
        }),
      { retries: RETRIES, minTimeout: 1_000, maxTimeout: 5_000, randomize: true },
    );
  } catch (error) {
    throw new NotifyError(
      `The mail server ${host}:${port} did not take the message: ${(error as Error).message}`,
      {
        hint: 'Check host, port, user and password of the e-mail entry under notify in campus.yaml.',
      },
    );
  } finally {
    transport.close();
  }
}

/** Codes of nodemailer for a connection that failed, not for one that was refused on purpose. */
const CONNECTION = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'ECONNRESET', 'ECONNREFUSED', 'EDNS']);
