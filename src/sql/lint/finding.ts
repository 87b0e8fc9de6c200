/** What a rule finds: why it is refused, and the way that every engine takes; a code where it has one of its own. */
export type Finding = readonly [what: string, portable: string, code?: string];

/** A list of names, divided by white space. */
export const namesIn = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));
