import type { FunctionGroup } from './group.ts';

/** Functions of numbers. */
export const NUMBERS: FunctionGroup = {
  supported: `
    abs acos asin atan atan2 bit_count bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift
    bitwise_right_shift_arithmetic bitwise_xor cbrt ceil ceiling cos cosh degrees e exp floor from_base infinity
    is_finite is_infinite is_nan ln log log10 log2 mod nan pi pow power radians round sign sin sinh sqrt tan tanh
    to_base truncate width_bucket
  `,
  notInSpark: `
    bitwise_left_shift bitwise_not bitwise_right_shift bitwise_right_shift_arithmetic e from_base log to_base
    width_bucket
  `,
  refused: {
    bar: ['it draws with the colors of a terminal', 'query the number'],
    cosine_similarity: ['it takes maps', 'keep the vectors as rows, and join and sum their products'],
    format_number: ['its text is for people and has no other form', 'round(x, 2), or CAST it to a decimal'],
    rand: ['it gives other numbers every time', 'filter by a hash of the key: mod(id, 10) = 0'],
    random: ['it gives other numbers every time', 'filter by a hash of the key: mod(id, 10) = 0'],
  },
};
