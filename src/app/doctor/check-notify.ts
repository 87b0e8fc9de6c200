import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createTransport } from 'nodemailer';
import type { NotifyConfig } from '../../campus/campus-schema.ts';
import { connectionFault } from '../../connection-fault.ts';
import { LakeError } from '../../errors.ts';
import { trusted } from '../../notify/authority.ts';
import { type DoctorContext, type Finding, fail, ok, warn } from './finding.ts';

const TIMEOUT_MS = 10_000;
const ABOUT = 'notify';

/** Whether notifications can reach their receivers. Nothing is sent. */
export async function* checkNotify(context: DoctorContext): AsyncGenerator<Finding> {
  for (const target of context.campus.notify) {
    try {
      yield await checkTarget(target, context);
    } catch (error) {
      // A missing secret: the check of secrets has said so.
      if (!(error instanceof LakeError)) throw error;
    }
  }
  if (context.campus.notify.every((n) => n.kind === 'console'))
    yield warn(
      ABOUT,
      'nobody is notified of a nightly run: results go to the console only',
      'add slack, e-mail or a webhook under notify: in campus.yaml',
    );
}

function checkTarget(target: NotifyConfig, context: DoctorContext): Promise<Finding> {
  switch (target.kind) {
    case 'console':
      return Promise.resolve(ok(ABOUT, 'the console'));
    case 'file':
      return checkFile(resolve(context.campus.root, target.path));
    case 'webhook':
    case 'subscription':
    case 'slack':
      return context.secrets.get(target.url).then((url) => checkUrl(target.kind, url));
    case 'email':
      return checkMail(target, context);
  }
}

async function checkFile(path: string): Promise<Finding> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      await access(folder, constants.W_OK);
      return ok(ABOUT, `the file ${path} can be written`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && folder !== dirname(folder)) continue;
      return fail(
        ABOUT,
        `the file ${path} cannot be written`,
        'give this user the folder, or name another file under notify: in campus.yaml',
      );
    }
  }
}

/** The address is a secret: only its host is shown. */
async function checkUrl(kind: string, text: string): Promise<Finding> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    return fail(
      ABOUT,
      `the secret of ${kind} is no http address`,
      'put the whole address into it, https://…',
    );
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const problem = await cannotConnect(url.hostname, port);
  if (problem)
    return fail(
      ABOUT,
      `${kind}: ${url.hostname} cannot be reached (${problem})`,
      'check the address, and whether a firewall lets this machine out',
    );
  return url.protocol === 'https:' || url.hostname === '127.0.0.1'
    ? ok(ABOUT, `${kind}: ${url.hostname} can be reached`)
    : warn(ABOUT, `${kind}: ${url.hostname} is notified without encryption`, 'use an https address');
}

async function checkMail(
  target: Extract<NotifyConfig, { kind: 'email' }>,
  { secrets }: DoctorContext,
): Promise<Finding> {
  const { host, port, user } = target;
  const pass = target.password ? await secrets.get(target.password) : '';
  const ca = target.ca ? await secrets.get(target.ca) : undefined;
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    requireTLS: user !== undefined,
    ...(user ? { auth: { user, pass } } : {}),
    ...(ca === undefined ? {} : { tls: { ca: trusted(ca) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
  });
  try {
    await transport.verify();
    return ok(ABOUT, `the mail server ${host}:${port} takes mail from here`);
  } catch (error) {
    const { responseCode } = error as { responseCode?: number };
    if (responseCode !== undefined)
      return fail(
        ABOUT,
        `the mail server ${host}:${port} refuses (${responseCode})`,
        'check host, port, user and password of the e-mail entry under notify: in campus.yaml',
      );
    const { found, hint } = connectionFault(error);
    return fail(ABOUT, `the mail server ${host}:${port} takes no mail from here: ${found}`, hint);
  } finally {
    transport.close();
  }
}

/** Why no connection can be made; undefined where one can. */
function cannotConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const end = (answer: string | undefined) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'unknown cause'));
  });
}
