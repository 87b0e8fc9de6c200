import { LakeError, type LakeErrorOptions, type Reach } from './errors.ts';

/** The operating system refused: a file, a folder, the disk, a port or a connection. */
export class SystemError extends LakeError {
  override readonly exitCode: number;
  readonly #reach: Reach;

  constructor(
    message: string,
    { exitCode = 1, reach = 'item', ...options }: LakeErrorOptions & { exitCode?: number; reach?: Reach },
  ) {
    super(message, options);
    this.exitCode = exitCode;
    this.#reach = reach;
  }

  override get reach(): Reach {
    return this.#reach;
  }
}

interface Words {
  readonly code: string;
  /** What was found; stands after the path. */
  readonly found: string;
  readonly hint: string;
  /** 2 where a person named the wrong thing. Default: 1. */
  readonly exitCode?: number;
  /** Default: the item alone. */
  readonly reach?: Reach;
  readonly retryable?: boolean;
}

const FULL: Words = {
  code: 'disk-full',
  found: 'cannot be written: the disk is full',
  hint: 'Free some space, or put the lake on another disk (lake: in campus.yaml); nothing half-written is read.',
  reach: 'lake',
};
const REFUSED: Words = {
  code: 'no-permission',
  found: 'may not be used by this user',
  hint: 'Give this user the right to the file and its folder, or name another place.',
};
const UNREACHABLE: Words = {
  code: 'connection-failed',
  found: 'cannot be reached',
  hint: 'Check the address, and whether this machine may reach it.',
  retryable: true,
};
const HANDLES: Words = {
  code: 'too-many-open-files',
  found: 'cannot be opened: this process has as many files open as it may',
  hint: 'Raise the limit (ulimit -n 4096), then run again.',
  reach: 'lake',
};

/** Codes of Node's system errors: https://nodejs.org/api/errors.html#common-system-errors */
const WORDS: { readonly [errno: string]: Words } = {
  EACCES: REFUSED,
  EPERM: REFUSED,
  EROFS: {
    code: 'read-only',
    found: 'cannot be written: the file system is read-only',
    hint: 'Name a place that can be written to (lake: in campus.yaml, or the option of the command).',
  },
  ENOSPC: FULL,
  EDQUOT: { ...FULL, code: 'quota-used-up', found: "cannot be written: this user's quota is used up" },
  ENOENT: {
    code: 'no-such-file',
    found: 'does not exist',
    hint: 'Check the path; a folder above it may be missing.',
  },
  ENOTDIR: {
    code: 'not-a-folder',
    found: 'cannot be used: a part of the path is a file and not a folder',
    hint: 'Check the path, or move that file away.',
    exitCode: 2,
  },
  EISDIR: {
    code: 'is-a-folder',
    found: 'is a folder, and a file was expected',
    hint: 'Name a file in it.',
    exitCode: 2,
  },
  EEXIST: { code: 'exists-already', found: 'exists already', hint: 'Remove it, or name another place.' },
  ENOTEMPTY: { code: 'folder-not-empty', found: 'is not empty', hint: 'Empty it, or name another place.' },
  ELOOP: {
    code: 'link-loop',
    found: 'cannot be followed: its symbolic links lead in a circle',
    hint: 'Correct the link.',
    exitCode: 2,
  },
  ENAMETOOLONG: {
    code: 'name-too-long',
    found: 'has a name that is too long for this file system',
    hint: 'Use a shorter path.',
    exitCode: 2,
  },
  EMFILE: HANDLES,
  ENFILE: HANDLES,
  ENOMEM: {
    code: 'out-of-memory',
    found: 'cannot be used: this machine has no memory left',
    hint: 'Stop what else is running, or give the machine more memory.',
    reach: 'lake',
    retryable: true,
  },
  EIO: {
    code: 'device-failed',
    found: 'cannot be read or written: the disk reports an error',
    hint: "Look at the system's log and the disk's health before the next run; keep a backup of the lake.",
    reach: 'lake',
  },
  EBUSY: {
    code: 'busy',
    found: 'is in use by another program',
    hint: 'Stop that program and try again.',
    retryable: true,
  },
  ETXTBSY: {
    code: 'busy',
    found: 'is in use by another program',
    hint: 'Stop that program and try again.',
    retryable: true,
  },
  EXDEV: {
    code: 'other-device',
    found: 'cannot be moved to another disk',
    hint: 'Keep the lake on one file system.',
  },
  ESTALE: {
    code: 'stale-handle',
    found: 'was lost: the network file system no longer knows it',
    hint: 'Check the mount; keep the lake on a local disk.',
  },
  EADDRINUSE: {
    code: 'port-in-use',
    found: 'is taken by another program',
    hint: 'Stop that program, or choose another port.',
  },
  EADDRNOTAVAIL: {
    code: 'address-not-available',
    found: 'is no address of this machine',
    hint: 'Choose an address of this machine.',
    exitCode: 2,
  },
  ECONNREFUSED: {
    ...UNREACHABLE,
    code: 'connection-refused',
    found: 'refused the connection: nothing listens there, or a firewall is in between',
  },
  ECONNRESET: { ...UNREACHABLE, code: 'connection-lost', found: 'closed the connection' },
  EPIPE: { ...UNREACHABLE, code: 'connection-lost', found: 'closed the connection' },
  ETIMEDOUT: { ...UNREACHABLE, code: 'no-answer', found: 'did not answer in time' },
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: {
    ...UNREACHABLE,
    code: 'unknown-host',
    found: 'is a name that cannot be resolved',
    hint: 'Check the name of the host, and the DNS of this machine.',
  },
  EAI_AGAIN: {
    ...UNREACHABLE,
    code: 'unknown-host',
    found: 'is a name that cannot be resolved now',
    hint: 'Check the DNS of this machine.',
  },
};

/**
 * An error of the operating system in the lake's words, with the path or address; undefined for any other error.
 * Node's own message is not used: it is for programmers.
 */
export function systemError(error: unknown): SystemError | undefined {
  const found = wordsOf(error);
  if (found === undefined) return undefined;
  const { errno, words, what } = found;
  const { found: state, ...options } = words;
  return new SystemError(`${what} ${state} (${errno}).`, { ...options, cause: error });
}

/** What a code of Node means, without what it is about: `refused the connection…`, and what to do. */
export function errnoWords(errno: string): { readonly found: string; readonly hint: string } | undefined {
  return Object.hasOwn(WORDS, errno) ? WORDS[errno] : undefined;
}

function wordsOf(error: unknown): { errno: string; words: Words; what: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  // A host of several addresses fails with one error for each.
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0]);
  const { code, path, dest, syscall, address, port, hostname } = error as NodeJS.ErrnoException & {
    dest?: string;
    address?: string;
    port?: number;
    hostname?: string;
  };
  const words = code === undefined || !Object.hasOwn(WORDS, code) ? undefined : WORDS[code];
  // Libraries borrow the codes; what the system itself refused names the call.
  if (words === undefined || syscall === undefined) return undefined;
  return { errno: code!, words, what: nameOf({ path, dest, address, port, hostname, syscall }) };
}

function nameOf(of: {
  path?: string;
  dest?: string;
  address?: string;
  port?: number;
  hostname?: string;
  syscall: string;
}): string {
  if (of.path !== undefined && of.path !== '') return of.dest ? `${of.path} (to ${of.dest})` : of.path;
  const host = of.hostname ?? of.address;
  if (host !== undefined) return of.port ? `${host}:${of.port}` : host;
  if (of.port !== undefined) return `Port ${of.port}`;
  return of.syscall === 'write' || of.syscall === 'fsync' || of.syscall === 'fdatasync'
    ? 'A file of the lake'
    : `What ${of.syscall} was asked for`;
}
