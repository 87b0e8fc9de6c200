/** Numbers of fewer people than this are not shown: those who know them would learn how somebody did. */
export const LEAST_PEOPLE = 10;

/** A share of people, told so that it does not say how a few of them did. */
export type SmallShare =
  | { readonly cases: number; readonly share: number }
  /** All but a few: at least this share. */
  | { readonly cases: number; readonly shareOver: number }
  | { readonly fewerThan: number };

/** @param hits those of the cases for whom it holds */
export function smallShare(cases: number, hits: number): SmallShare {
  if (cases < LEAST_PEOPLE || hits < LEAST_PEOPLE) return { fewerThan: LEAST_PEOPLE };
  if (cases - hits < LEAST_PEOPLE) return { cases, shareOver: (cases - LEAST_PEOPLE) / cases };
  return { cases, share: hits / cases };
}

export function smallShareInWords(told: SmallShare): string {
  if ('fewerThan' in told) return `fewer than ${told.fewerThan}`;
  const [over, share] = 'share' in told ? ['', told.share] : ['over ', told.shareOver];
  return `${told.cases}: ${over}${Math.floor(100 * share)} %`;
}
