import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMINISTRATOR } from '../../access/authorize.ts';
import { ACCESS_FILE } from '../../access/load-policy.ts';
import { InputError } from '../../errors.ts';
import { currentPublicationId } from '../../pipeline/publication.ts';
import type { Lake } from '../../ports/step.ts';
import type { AppLake } from '../app-lake.ts';
import { readAs } from './open-access.ts';

/** As whom a program asks, in the manner of Hasura's session variables. */
interface AsCaller {
  readonly role?: string;
  /** `x-hasura-user-id` is the person; `x-hasura-<name>` an attribute, with `-` for `_`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly purpose?: string;
  /** Who asks, as an issuer has signed it. It is no person of the lake: that is `x-hasura-user-id` alone. */
  readonly subject?: string;
}

const OPENED_KEPT = 200;

/** After so long a change of access.yaml counts, and a role is given what was published meanwhile. */
const POLICY_MS = 2_000;

/**
 * Opens a lake for programs that ask as one role or another. A role is read of access.yaml as it is now; what was opened
 * for a caller is kept while neither the file nor the publication changes.
 */
export function openAsCaller(whole: Lake): (caller: AsCaller) => Promise<AppLake> {
  let opened = new Map<string, Promise<Lake>>();
  let key = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async ({ role, variables, purpose, subject }) => {
    if (role === undefined || role === ADMINISTRATOR || role === 'admin') return whole;
    const now = performance.now();
    if (now - lookedAt > POLICY_MS) {
      const [file, publication] = await Promise.all([
        stat(join(whole.campus.root, ACCESS_FILE)).catch(() => undefined),
        currentPublicationId(whole.platform.ledger),
      ]);
      const found = `${publication} ${file?.mtimeMs} ${file?.size}`;
      if (found !== key) opened = new Map();
      key = found;
      lookedAt = now;
    }
    const asked = JSON.stringify([role, purpose, subject, Object.entries(variables).sort()]);
    const found = opened.get(asked);
    if (found) return found;
    const { 'x-hasura-user-id': principal, 'x-hasura-role': _, ...rest } = variables;
    const attributes = Object.entries(rest).map(([name, value]) => [
      name.slice('x-hasura-'.length).replaceAll('-', '_'),
      value,
    ]);
    const known = Object.fromEntries(attributes.filter(([name]) => name !== 'purpose'));
    const by = principal ?? subject;
    const made = readAs(whole, {
      role,
      ...(by === undefined ? {} : { principal: by }),
      ...(subject === undefined
        ? { attributes: known }
        : { claims: { ...known, ...(principal === undefined ? {} : { person: principal }) } }),
      ...(purpose === undefined ? {} : { purpose }),
    });
    const { size } = opened;
    if (size >= OPENED_KEPT) opened.clear();
    opened.set(asked, made);
    made.catch(() => opened.delete(asked));
    return made;
  };
}

/** A server of one role answers programs as that role alone. */
export const onlyAs =
  (role: string, open: () => Promise<Lake>) =>
  async (caller: AsCaller): Promise<AppLake> => {
    if (caller.subject !== undefined)
      throw new InputError(`This server answers as the role ${role}, and nobody else.`, {
        hint: 'start `lake serve` without --role to answer signed tokens',
      });
    if (caller.role === undefined || caller.role === role) return open();
    throw new InputError(`This server answers as the role ${role} alone.`, {
      hint: 'start `lake serve` without --role to choose the role with each request',
    });
  };
