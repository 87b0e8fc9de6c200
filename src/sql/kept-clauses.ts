import { callOf } from './calls.ts';
import { type Ast, isObject, visit } from './tree.ts';
import { isWord, wordsOf } from './words.ts';

/** How many aggregates have DISTINCT, and how many have FILTER. */
interface Clauses {
  readonly distinct: number;
  readonly filter: number;
}

function clausesOfTree(tree: Ast): Clauses {
  let [distinct, filter] = [0, 0];
  visit(tree, (object) => {
    if (callOf(object)?.data.distinct === true) distinct += 1;
    // A part of a call, or a node of its own around one.
    if (isObject(object.filter)) filter += 1;
  });
  return { distinct, filter };
}

function clausesOfText(sql: string): Clauses {
  const words = wordsOf(sql);
  const isSign = (i: number, sign: string): boolean => words[i]?.kind === 'sign' && words[i].text === sign;
  const count = (word: string, isClause: (i: number) => boolean): number =>
    words.filter((each, i) => isWord(each, word) && isClause(i)).length;
  return {
    distinct: count('DISTINCT', (i) => isSign(i - 1, '(')),
    filter: count('FILTER', (i) => isSign(i - 1, ')') && isSign(i + 1, '(')),
  };
}

/**
 * Whether the text that was generated from a tree still has DISTINCT and FILTER of every aggregate: the generator
 * leaves them out of some, and the answer would be another one.
 */
export function keepsClauses(tree: Ast, sql: string): boolean {
  const [wanted, found] = [clausesOfTree(tree), clausesOfText(sql)];
  return wanted.distinct === found.distinct && wanted.filter === found.filter;
}
