import { z } from 'zod';

/** A text that a person writes on one line: not empty, no blank at either end, no control character. */
export const word = () =>
  z
    .string()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^(?!\s)[^\u0000-\u001f\u007f]+(?<!\s)$/, 'a text that is not empty, without blanks at its ends');

/** A name as the source has it: whatever a database allows, which is everything but nothing and NUL. */
export const nameAtSource = () =>
  z
    .string()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no database has it in a name
    .regex(/^[^\u0000]+$/, 'a name that is not empty');

/** A host name, an IPv4 or IPv6 address, or the folder of a socket. */
export const host = () =>
  z
    .string()
    .regex(
      /^(\/\S+|[^\s/:@]+|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*)$/,
      'a host name or an address, without scheme, port or user, such as db.example.edu',
    );

/** `help@example.edu`, or `Data team <help@example.edu>`. */
export const mailAddress = () =>
  z.string().regex(/^([^<>@\r\n]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/, 'an e-mail address');

/** A login of the warehouse that no one else has: PostgreSQL's own begin with `pg_`, and one owns the tables. */
export const loginName = () =>
  z
    .string()
    .regex(
      /^(?!pg_|lake_owner$|postgres$)[a-z_][a-z0-9_]*$/,
      'lower-case letters, digits and _, other than postgres, lake_owner and pg_…',
    );
