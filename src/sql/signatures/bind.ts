import { canBecome } from '../types/coercion.ts';
import { asDecimal, commonType, decimal, decimalOf, type SqlType } from '../types/sql-type.ts';
import { typeText } from '../types/type-text.ts';
import { fewest, isVariable, lambdaOf, partsOf, type Signature } from './signature.ts';

/** An argument that is a lambda: what it gives depends on what it is given. */
export interface LambdaArgument {
  readonly parameters: number;
  /** The type of the body with parameters of these types; undefined where it cannot be told. */
  typeWith(types: readonly (SqlType | undefined)[]): SqlType | undefined;
}

/** The type of an argument; undefined where it cannot be told. */
export type Argument = SqlType | undefined | LambdaArgument;

/** A signature over the types of certain arguments. */
export interface Bound {
  readonly signature: Signature;
  /** What the arguments become; undefined where it cannot be told. */
  readonly parameters: readonly (SqlType | undefined)[];
  readonly result: SqlType | undefined;
}

/** What the variables of a signature stand for: types, and the digits of decimals as `p` and `s`. */
type Variables = Map<string, SqlType | undefined>;

export const isLambda = (argument: Argument): argument is LambdaArgument => typeof argument === 'object';

/** The parameters of a signature that is called with so many arguments; undefined where it cannot be. */
function parametersFor(signature: Signature, count: number): readonly string[] | undefined {
  const { parameters, isVariadic } = signature;
  if (!isVariadic) return parameters.length === count ? parameters : undefined;
  if (count < fewest(signature)) return undefined;
  return Array.from({ length: count }, (_, i) => parameters[Math.min(i, parameters.length - 1)]!);
}

/**
 * What a signature makes of arguments; undefined where it does not take them.
 * @param coerce whether arguments may become other types by themselves
 */
export function bind(signature: Signature, args: readonly Argument[], coerce: boolean): Bound | undefined {
  const parameters = parametersFor(signature, args.length);
  if (!parameters) return undefined;
  const variables: Variables = new Map();
  for (const [i, parameter] of parameters.entries()) {
    const argument = args[i];
    const lambda = lambdaOf(parameter);
    if ((lambda !== undefined) !== isLambda(argument)) {
      if (argument !== undefined) return undefined;
    } else if (isLambda(argument)) {
      if (argument.parameters !== lambda!.parameters.length) return undefined;
    } else if (!solve(parameter, argument, variables)) return undefined;
  }
  if (!solveLambdas(parameters, args, variables)) return undefined;
  const bound = parameters.map((parameter) => replaced(parameter, variables));
  const fits = args.every((argument, i) => {
    const type = bound[i];
    if (argument === undefined || isLambda(argument) || type === undefined) return true;
    return coerce ? canBecome(argument, type) : argument === type;
  });
  return fits ? { signature, parameters: bound, result: replaced(signature.result, variables) } : undefined;
}

/**
 * Lambdas see what other arguments decided, and may widen it: `reduce(list, 0, (s, x) -> s + x, …)`. What one gives is of
 * that very type in the end: nothing converts it.
 */
function solveLambdas(
  parameters: readonly string[],
  args: readonly Argument[],
  variables: Variables,
): boolean {
  for (let round = 0; round < 3; round++) {
    const before = JSON.stringify([...variables]);
    for (const [i, parameter] of parameters.entries()) {
      const argument = args[i];
      const lambda = lambdaOf(parameter);
      if (!lambda || !isLambda(argument)) continue;
      const gives = argument.typeWith(lambda.parameters.map((type) => replaced(type, variables)));
      if (isVariable(lambda.result)) {
        if (!solve(lambda.result, gives, variables)) return false;
      } else if (gives !== undefined && gives !== lambda.result) return false;
    }
    if (JSON.stringify([...variables]) === before) break;
  }
  return parameters.every((parameter, i) => {
    const [lambda, argument] = [lambdaOf(parameter), args[i]];
    if (!lambda || !isLambda(argument) || !isVariable(lambda.result)) return true;
    const gives = argument.typeWith(lambda.parameters.map((type) => replaced(type, variables)));
    const wanted = variables.get(lambda.result);
    return gives === undefined || wanted === undefined || gives === wanted;
  });
}

/** Notes what the variables of a parameter stand for; false where the argument cannot be of its shape. */
function solve(parameter: string, argument: SqlType | undefined, variables: Variables): boolean {
  if (isVariable(parameter)) {
    const before = variables.get(parameter);
    if (argument === undefined) variables.set(parameter, undefined);
    else if (!variables.has(parameter)) variables.set(parameter, argument);
    else if (before !== undefined) {
      const common = commonType(before, argument);
      if (common === undefined) return false;
      variables.set(parameter, common);
    }
    return true;
  }
  const { base, parts } = typeText(parameter);
  if (base === 'decimal') return solveDecimal(parts, argument, variables);
  if (parts.length === 0 || argument === undefined) return true;
  if (argument === 'unknown') return partsOf(parameter).every((part) => solve(part, 'unknown', variables));
  if (typeText(argument).base !== base) return false;
  const inside = partsOf(argument);
  return (
    inside.length === parts.length && partsOf(parameter).every((part, i) => solve(part, inside[i], variables))
  );
}

function solveDecimal(
  [precision = '', scale = '']: readonly string[],
  argument: SqlType | undefined,
  variables: Variables,
): boolean {
  if (argument === undefined) return true;
  const digits = argument === 'unknown' ? { precision: 1, scale: 0 } : asDecimal(argument);
  if (!digits) return false;
  const type = decimal(digits.precision, digits.scale);
  const key = `${precision},${scale}`;
  const before = variables.get(key);
  variables.set(key, before === undefined ? type : commonType(before, type));
  return true;
}

/** The type of a signature with what its variables stand for; undefined where one is not known. */
function replaced(type: string, variables: Variables): SqlType | undefined {
  if (isVariable(type)) return variables.get(type);
  const { base, parts } = typeText(type);
  if (base === 'decimal') {
    const exact = variables.get(parts.join(','));
    if (exact !== undefined || decimalOf(type)) return exact ?? type;
    // `decimal(38,s)`: one of the two is of the argument.
    const any = [...variables].find(([key]) => key.endsWith(`,${parts[1]}`))?.[1];
    const argument = decimalOf(any);
    return argument && /^\d+$/.test(parts[0]!) ? decimal(Number(parts[0]), argument.scale) : undefined;
  }
  if (parts.length === 0 || base === 'function') return type;
  const inside = partsOf(type).map((part) => replaced(part, variables));
  return inside.every((part) => part !== undefined) ? `${base}(${inside.join(',')})` : undefined;
}
