import { userInfo } from 'node:os';
import { ADMINISTRATOR } from '../src/access/authorize.ts';
import type { Session } from '../src/ports/session.ts';

/**
 * The session of the person who runs a command.
 * @param user the user of the operating system; throws where there is none
 */
export const commandSession = (user = userInfo): Session => ({
  principal: userName(user),
  role: ADMINISTRATOR,
  attributes: {},
  purpose: 'command line',
});

/** A container may run under a number that no user has. */
function userName(user: typeof userInfo): string {
  try {
    return user().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
