/** Wilson's 95 % interval of a share (J. Am. Stat. Assoc. 22, 1927). */
export function wilson(hits: number, all: number): [number, number] {
  const z = 1.959964;
  const p = hits / all;
  const middle = p + z ** 2 / (2 * all);
  const reach = z * Math.sqrt((p * (1 - p)) / all + z ** 2 / (4 * all ** 2));
  const scale = 1 + z ** 2 / all;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}
