/**
 * A share of a group as it may be shown: in whole per cents, and no nearer to 0 or to 1 than `min` people of the group
 * are. Shares beyond that are shown as this limit, so that `0.10` of 100 people stands for 10 or fewer.
 * @param share from 0 to 1
 * @param of how many people the group has
 * @returns null where the two limits meet
 */
export function codedShare(share: number, of: number, min: number): number | null {
  const limit = of > 0 ? Math.ceil((100 * min) / of - 1e-9) : 100;
  if (2 * limit >= 100) return null;
  const percent = Math.round(100 * share);
  return Math.min(Math.max(percent, limit), 100 - limit) / 100;
}
