import type { FunctionGroup } from './group.ts';

/** Functions of numbers. */
export const NUMBERS: FunctionGroup = {
  supported: `
    abs acos asin atan atan2 bit_count bitwise_and bitwise_or bitwise_xor cbrt ceil ceiling cos cosh
    degrees exp floor infinity is_finite is_infinite is_nan ln log10 log2 mod nan pi pow power radians
    round sign sin sinh sqrt tan tanh truncate
  `,
  refused: {
    random: ['it gives other numbers every time', 'filter by a hash of the key: mod(id, 10) = 0'],
  },
};
