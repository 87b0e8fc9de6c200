import { distance } from 'fastest-levenshtein';

/**
 * The word that was most likely meant, or undefined when none is near: at most a third of the letters may differ
 * (one letter always may). Case does not count.
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of words) {
    const far = distance(wanted, candidate.toLowerCase());
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  return best;
}

/** `; did you mean "users"?`, or nothing where no word is near. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const guess = nearest(word, words);
  return guess === undefined ? '' : `; did you mean "${guess}"?`;
}

/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}
