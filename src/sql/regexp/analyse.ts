import { type Member, type Pattern, PatternProblem, type Regexp } from './pattern.ts';

const LINE_FEED = 10;

/** What stands directly below a part of a pattern. */
export function partsOf(pattern: Pattern): readonly Pattern[] {
  if (pattern.kind === 'sequence') return pattern.items;
  if (pattern.kind === 'choice') return pattern.branches;
  return pattern.kind === 'group' || pattern.kind === 'repeat' ? [pattern.body] : [];
}

export function everyPart(pattern: Pattern): readonly Pattern[] {
  return [pattern, ...partsOf(pattern).flatMap(everyPart)];
}

/** Whether it can be found without taking a sign. */
export function canBeEmpty(pattern: Pattern): boolean {
  if (pattern.kind === 'anchor') return true;
  if (pattern.kind === 'group') return canBeEmpty(pattern.body);
  if (pattern.kind === 'repeat') return pattern.least === 0 || canBeEmpty(pattern.body);
  if (pattern.kind === 'sequence') return pattern.items.every(canBeEmpty);
  return pattern.kind === 'choice' && pattern.branches.some(canBeEmpty);
}

/** How a group may stand to a find of the whole pattern. */
export interface GroupUse {
  /** It takes part in every find. */
  readonly always: boolean;
  /** It can take part without a sign. */
  readonly canBeEmpty: boolean;
}

export function groupUse(pattern: Pattern, number: number, always = true): GroupUse | undefined {
  if (pattern.kind === 'group' && pattern.number === number) {
    return { always, canBeEmpty: canBeEmpty(pattern.body) };
  }
  const isOptional = pattern.kind === 'choice' || (pattern.kind === 'repeat' && pattern.least === 0);
  for (const part of partsOf(pattern)) {
    const use = groupUse(part, number, always && !isOptional);
    if (use) return use;
  }
  return undefined;
}

/** Whether a class or a sign takes a line feed. */
function takesLineFeed(pattern: Pattern): boolean {
  if (pattern.kind === 'sign') return pattern.code === LINE_FEED;
  if (pattern.kind === 'any') return pattern.overLines;
  if (pattern.kind !== 'class') return true;
  return pattern.members.some(hasLineFeed) !== pattern.negated;
}

const hasLineFeed = (member: Member): boolean =>
  'letter' in member
    ? ['s', 'D', 'W'].includes(member.letter)
    : member.from <= LINE_FEED && LINE_FEED <= member.to;

/** Whether every find ends in a sign that is no line feed. */
function endsBeforeLineFeed(pattern: Pattern): boolean {
  if (pattern.kind === 'group') return endsBeforeLineFeed(pattern.body);
  if (pattern.kind === 'repeat') return pattern.least > 0 && endsBeforeLineFeed(pattern.body);
  if (pattern.kind === 'choice') return pattern.branches.every(endsBeforeLineFeed);
  if (pattern.kind === 'sequence') {
    const last = pattern.items.at(-1);
    return last !== undefined && endsBeforeLineFeed(last);
  }
  return pattern.kind !== 'anchor' && !takesLineFeed(pattern);
}

/** Whether its end takes every line feed that it can have. */
function swallowsLineFeeds(pattern: Pattern | undefined): boolean {
  return (
    pattern?.kind === 'repeat' &&
    !pattern.lazy &&
    pattern.most === Number.POSITIVE_INFINITY &&
    ['class', 'any', 'sign'].includes(pattern.body.kind) &&
    takesLineFeed(pattern.body)
  );
}

/**
 * What `$` asks for, which in Athena also stands before a line feed that ends the text: nothing where there is no `$`,
 * or where it can only be the very end; to leave such a line feed out of the text first; or a text that has none.
 */
export type LineEnd = 'as-it-is' | 'leave-out' | 'none-allowed';

export function lineEndOf(pattern: Pattern): LineEnd {
  const anchors = everyPart(pattern).filter((part) => part.kind === 'anchor' && part.at === 'last-line');
  if (anchors.length === 0) return 'as-it-is';
  const items = pattern.kind === 'sequence' ? pattern.items : [pattern];
  const last = items.at(-1);
  if (anchors.length > 1 || last?.kind !== 'anchor' || last.at !== 'last-line') return 'none-allowed';
  const before = items.slice(0, -1);
  if (swallowsLineFeeds(before.at(-1))) return 'as-it-is';
  return endsBeforeLineFeed({ kind: 'sequence', items: before }) ? 'leave-out' : 'none-allowed';
}

/** Whether `$` stands only where the pattern ends. */
export function isLastLineAtEnd(pattern: Pattern, isEnd = true): boolean {
  if (pattern.kind === 'anchor') return isEnd || pattern.at !== 'last-line';
  if (pattern.kind === 'repeat') return isLastLineAtEnd(pattern.body, isEnd && pattern.most <= 1);
  if (pattern.kind !== 'sequence') return partsOf(pattern).every((part) => isLastLineAtEnd(part, isEnd));
  return pattern.items.every((item, i) => isLastLineAtEnd(item, isEnd && i === pattern.items.length - 1));
}

/** Whether a find can only begin where the text does. */
export function isAtStart(pattern: Pattern): boolean {
  if (pattern.kind === 'anchor') return pattern.at === 'start';
  if (pattern.kind === 'group') return isAtStart(pattern.body);
  if (pattern.kind === 'choice') return pattern.branches.every(isAtStart);
  return pattern.kind === 'sequence' && pattern.items[0] !== undefined && isAtStart(pattern.items[0]);
}

/** @throws PatternProblem for what is the same in every engine only by chance */
export function checkPortable({ pattern }: Regexp): void {
  for (const part of everyPart(pattern)) {
    if (part.kind === 'repeat' && part.most > 1 && canBeEmpty(part.body)) {
      throw new PatternProblem(
        'what is repeated can be empty',
        'write it so that each repetition takes a sign',
      );
    }
    if (part.kind === 'repeat' && timesRepeated(part) > 1000) {
      throw new PatternProblem('repetitions inside of repetitions become too many', 'test the length apart');
    }
    if ((part.kind === 'sign' || part.kind === 'class') && part.folded && !canBeFolded(part)) {
      throw new PatternProblem(
        'capital and small letters of these signs are not the same ones in every engine',
        'leave (?i) out and write both: [Čč]',
      );
    }
  }
  const isByLine = everyPart(pattern).some((part) => part.kind === 'anchor' && part.at === 'line-start');
  if (isByLine && (canBeEmpty(pattern) || !isLineStartFirst(pattern))) {
    throw new PatternProblem(
      'the start of a line is looked for inside of a pattern, or without a sign after it',
      'write (?m)^ first, and a sign after it',
    );
  }
}

function timesRepeated(pattern: Pattern): number {
  const inner = Math.max(1, ...partsOf(pattern).map(timesRepeated));
  if (pattern.kind !== 'repeat') return inner;
  return inner * Math.max(1, Number.isFinite(pattern.most) ? pattern.most : pattern.least);
}

function isLineStartFirst(pattern: Pattern, isFirst = true): boolean {
  if (pattern.kind === 'anchor') return isFirst || pattern.at !== 'line-start';
  if (pattern.kind === 'repeat') return isLineStartFirst(pattern.body, isFirst && pattern.most <= 1);
  if (pattern.kind !== 'sequence') return partsOf(pattern).every((part) => isLineStartFirst(part, isFirst));
  return pattern.items.every((item, i) => isLineStartFirst(item, isFirst && i === 0));
}

/** Letters without regard to case: plain ones and those of Latin-1 but ß, of which all engines know the other. */
function canBeFolded(part: Pattern): boolean {
  if (part.kind === 'sign') return isFoldable(part.code, part.code);
  if (part.kind !== 'class') return true;
  // \w knows two letters more where case is not regarded, but only in some engines.
  const hasWords = part.members.some((member) => 'letter' in member && 'wW'.includes(member.letter));
  return part.members.every((member) =>
    'letter' in member
      ? true
      : isFoldable(member.from, member.to) && !(hasWords && hasLetters(member.from, member.to)),
  );
}

const isFoldable = (from: number, to: number): boolean =>
  to < 0x80 ||
  (from >= 0xa0 &&
    to <= 0xff &&
    !(from <= 0xdf && to >= 0xdf) &&
    !(from <= 0xb5 && to >= 0xb5) &&
    to !== 0xff);
const hasLetters = (from: number, to: number): boolean =>
  (from <= 0x5a && to >= 0x41) || (from <= 0x7a && to >= 0x61);

/** Two letters that Athena finds in one sign where case is not regarded, and those signs. */
const LIGATURES: readonly (readonly [letters: string, signs: string])[] = [
  ['ss', 'ßẞ'],
  ['ff', 'ﬀﬃﬄ'],
  ['fi', 'ﬁﬃ'],
  ['fl', 'ﬂﬄ'],
  ['st', 'ﬅﬆ'],
];

/** Signs in a text in which Athena would find several letters of the pattern at once. */
export function ligaturesOf(pattern: Pattern): string {
  const found = everyPart(pattern).flatMap((part) => {
    if (part.kind !== 'sequence') return [];
    return part.items.slice(1).flatMap((item, i) => {
      const before = part.items[i]!;
      if (item.kind !== 'sign' || before.kind !== 'sign' || !item.folded || !before.folded) return [];
      const pair = String.fromCodePoint(before.code, item.code).toLowerCase();
      return LIGATURES.filter(([letters]) => letters === pair).map(([, signs]) => signs);
    });
  });
  return found.join('');
}

/** Whether it asks where words begin or end. */
export const hasEdges = (pattern: Pattern): boolean =>
  everyPart(pattern).some((part) => part.kind === 'anchor' && (part.at === 'edge' || part.at === 'no-edge'));

/** Whether it asks what stands before a place. */
export const looksBack = (pattern: Pattern): boolean =>
  everyPart(pattern).some(
    (part) => part.kind === 'anchor' && ['start', 'line-start', 'edge', 'no-edge'].includes(part.at),
  );
