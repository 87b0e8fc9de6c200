import { createTransport } from 'nodemailer';
import pRetry, { AbortError } from 'p-retry';
import type { NotifyConfig } from '../campus/campus-schema.ts';
import { connectionFault } from '../connection-fault.ts';
import { trusted } from './authority.ts';
import type { Fate, Fates } from './delivery.ts';
import { NotifyError } from './errors.ts';
import { type Message, textOf } from './message.ts';

type EmailConfig = Extract<NotifyConfig, { kind: 'email' }>;

export interface EmailOptions {
  readonly password?: string;
  /** Certificates besides the known ones, PEM. */
  readonly ca?: string;
  /** Numbers of the addresses to tell, from 1. */
  readonly receivers: readonly string[];
}

const TIMEOUT_MS = 15_000;
const RETRIES = 2;

interface SmtpError extends Error {
  readonly responseCode?: number;
  readonly code?: string;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly SmtpError[];
}

/**
 * Sends the message by SMTP: TLS from the start on port 465, otherwise by STARTTLS, which is demanded where a
 * password is sent. A connection that breaks is tried again at once; a server that says "later" (4xx) is answered by
 * the fate `deferred`, for all or for some: RFC 5321 wants minutes between two tries.
 * @returns the fate of every receiver asked for
 * @throws NotifyError where the server could not be reached or would not let us in
 */
export async function sendEmail(
  config: EmailConfig,
  message: Message,
  options: EmailOptions,
): Promise<Fates> {
  const { host, port, from, to, user } = config;
  const { password = '', ca, receivers } = options;
  const addresses = new Map(receivers.map((name) => [name, to[Number(name) - 1]!]));
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    requireTLS: user !== undefined,
    ...(user ? { auth: { user, pass: password } } : {}),
    ...(ca === undefined ? {} : { tls: { ca: trusted(ca) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const mail = {
    from,
    to,
    envelope: { from, to: [...addresses.values()] },
    subject: message.subject,
    text: textOf(message),
    // Machines answer machines otherwise: RFC 3834.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
  try {
    const { rejectedErrors = [] } = await pRetry(
      () =>
        transport.sendMail(mail).catch((error: SmtpError) => {
          throw error.responseCode || connectionFault(error).certificate ? new AbortError(error) : error;
        }),
      { retries: RETRIES, minTimeout: 400, maxTimeout: 3_000, randomize: true },
    );
    return fatesOf(addresses, rejectedErrors as readonly SmtpError[]);
  } catch (error) {
    const { responseCode, rejectedErrors } = error as SmtpError;
    if (rejectedErrors && rejectedErrors.length > 0) return fatesOf(addresses, rejectedErrors);
    if (
      responseCode !== undefined &&
      responseCode >= 400 &&
      responseCode < 500 &&
      !isLogin(error as SmtpError)
    )
      return new Map(receivers.map((name) => [name, later(responseCode)]));
    throw notSent(host, port, error as SmtpError);
  } finally {
    transport.close();
  }
}

const isLogin = ({ code }: SmtpError): boolean => code === 'EAUTH';

const later = (code: number): Fate => ({
  status: 'deferred',
  error: `the mail server said "later" (${code})`,
});

function fatesOf(addresses: ReadonlyMap<string, string>, rejected: readonly SmtpError[]): Fates {
  const codes = new Map(
    rejected.map(({ recipient = '', responseCode = 550 }) => [bare(recipient), responseCode]),
  );
  return new Map(
    [...addresses].map(([name, address]): [string, Fate] => {
      const code = codes.get(bare(address));
      if (code === undefined) return [name, { status: 'sent' }];
      if (code < 500) return [name, later(code)];
      return [name, { status: 'failed', error: `the mail server refused address ${name} of "to" (${code})` }];
    }),
  );
}

function notSent(host: string, port: number, error: SmtpError): NotifyError {
  const { responseCode } = error;
  if (responseCode !== undefined) {
    return new NotifyError(
      `The mail server ${host}:${port} did not take the message: it answered ${responseCode}.`,
      {
        hint: isLogin(error)
          ? 'Check user and password of the e-mail entry under notify in campus.yaml.'
          : 'Check from, user and password of the e-mail entry under notify in campus.yaml: the server may not relay for them.',
      },
    );
  }
  const { found, hint } = connectionFault(error);
  return new NotifyError(`The mail server ${host}:${port} did not take the message: ${found}.`, { hint });
}

/** `Data Team <data@lakeside.edu>` as the server knows it. */
const bare = (address: string): string => (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim();
