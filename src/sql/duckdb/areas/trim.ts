import { call } from '../../build.ts';
import type { Ast } from '../../tree.ts';
import { WHITE_SPACE } from '../../white-space.ts';
import { macro } from '../rewriting.ts';
import type { Area } from './area.ts';

const trimmed = (name: string): string =>
  `trino_${name}(x) AS ${name}(x, '${WHITE_SPACE}'), (x, letters) AS ${name}(x, letters)`;

/** `trim` and its like: DuckDB's own cut off blanks alone, of which it knows others. */
export const TRIM: Area = {
  macros: [trimmed('trim'), trimmed('ltrim'), trimmed('rtrim')],
  kinds: {
    trim: ({ data }) => {
      const sides: { readonly [side: string]: string } = { Leading: 'trino_ltrim', Trailing: 'trino_rtrim' };
      const letters: Ast[] = data.characters ? [data.characters] : [];
      return call(sides[String(data.position)] ?? 'trino_trim', data.this, ...letters);
    },
  },
  calls: {
    ltrim: macro('trino_ltrim'),
    rtrim: macro('trino_rtrim'),
  },
};
