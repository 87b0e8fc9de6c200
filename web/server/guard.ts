import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { hasSecret } from '../../src/api/auth/authenticate.ts';
import { isDataPath } from './data-routes.ts';
import { plainPage } from './plain-page.ts';

/**
 * Who may speak to the server. It listens on loopback only, which every program and every page of this machine can
 * reach, so it asks for more: a cookie that only the printed link gives, a Host that is its own (a name that an attacker
 * turns to 127.0.0.1 is another), and for everything that is not a plain read an Origin that is its own.
 */
export interface Guard {
  /** The path and query of a link that lets one browser in, once. */
  newLink(): string;
  readonly check: MiddlewareHandler;
  /** Answers the link. */
  readonly enter: MiddlewareHandler;
}

/** @param port on which it is reached: cookies do not know ports, so the cookie's name does */
export function openGuard(port: () => number): Guard {
  const tokens = new Set<string>();
  const session = randomBytes(32).toString('base64url');
  const cookieName = () => `lake_workbench_${port()}`;
  const hosts = () => ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port()}`);
  return {
    newLink: () => {
      const token = randomBytes(32).toString('base64url');
      tokens.add(digest(token));
      return `/enter?token=${token}`;
    },
    check: async (c, next) => {
      const host = c.req.header('host') ?? '';
      if (!hosts().includes(host)) return c.text('This server answers on loopback only.', 421);
      // A program's secret is looked at where it asks; a page of another site cannot send that header unasked.
      if (isDataPath(c.req.path) && hasSecret(c.req.raw.headers) && !c.req.header('origin')) return next();
      const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
      const origin = c.req.header('origin');
      const isOwn = origin !== undefined && hosts().some((own) => origin === `http://${own}`);
      if (!isRead && !isOwn) return c.text('Requests that change something come from the page itself.', 403);
      if (isRead && origin !== undefined && !isOwn) return c.text('Requests come from the page itself.', 403);
      const site = c.req.header('sec-fetch-site');
      if (c.req.path.startsWith('/api/') && site !== undefined && site !== 'same-origin' && site !== 'none')
        return c.text('Requests come from the page itself.', 403);
      if (c.req.path === '/enter') return next();
      if (isSame(getCookie(c, cookieName()) ?? '', session)) return next();
      if (c.req.path.startsWith('/api/') || isDataPath(c.req.path))
        return c.json({ error: { code: 'no-session', message: NO_SESSION, hint: HOW_TO_ENTER } }, 401);
      return c.html(plainPage(NO_SESSION, HOW_TO_ENTER), 401);
    },
    enter: async (c) => {
      const given = digest(c.req.query('token') ?? '');
      const found = [...tokens].find((token) => isSame(token, given));
      if (found === undefined)
        return c.html(plainPage('This link has been used, or is of an earlier start.', HOW_TO_ENTER), 401);
      tokens.delete(found);
      setCookie(c, cookieName(), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
      // A redirect that began elsewhere would be followed without the new cookie; a page that goes on by itself is not.
      return c.html(plainPage('Opening the workbench …', undefined, '/'));
    },
  };
}

const NO_SESSION = 'The workbench does not know this browser.';
const HOW_TO_ENTER =
  'Open the link that `lake serve` has printed. Each link works once; press Enter in its terminal for another one.';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** In a time that tells nothing of where they differ. */
const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
