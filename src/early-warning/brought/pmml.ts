import { oneOf } from '../../campus/nearest.ts';
import { BroughtModelError } from '../errors.ts';
import type { BroughtMeasure, BroughtWeek } from './brought-model.ts';
import { checkWeeks } from './check-weeks.ts';
import { type Element, parseXml } from './xml.ts';

/** What a PMML file does not say. */
export interface PmmlOptions {
  /** The week of the term from which on the model holds. */
  readonly week: number;
  /** The category of the target that means that the course was not got through. Default: a word that says so. */
  readonly unsuccessful?: string;
}

/** Parts of a document that say nothing about how it scores. */
const IGNORED = ['Header', 'Extension', 'Output', 'ModelStats', 'ModelExplanation', 'ModelVerification'];
/** Words for a course that was not got through, where a target has two categories. */
const UNSUCCESSFUL = ['1', 'true', 'unsuccessful', 'fail', 'failed', 'lost'];

/**
 * The regression of a PMML document (Data Mining Group, PMML 4.2 to 4.4, `RegressionModel`), as far as it is a logistic
 * regression over numbers: `classification` with `logit` or `softmax` and two categories, or `regression` with `logit`.
 * http://dmg.org/pmml/v4-4-1/Regression.html
 * @throws BroughtModelError for anything else, naming it and its line
 */
export function readPmml(
  file: string,
  text: string,
  options: PmmlOptions,
): { readonly modelName?: string; readonly weeks: readonly BroughtWeek[] } {
  const root = parseXml(file, text);
  const wrong = wrongIn(file);
  if (root.name !== 'PMML' || !/^http:\/\/www\.dmg\.org\/PMML-4_[234]$/.test(root.namespace)) {
    throw wrong(
      root,
      'this is not PMML 4.2 to 4.4',
      'its first element is <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">',
    );
  }
  only(root, ['DataDictionary', 'RegressionModel', 'TransformationDictionary'], wrong);
  const derived = of(root, 'TransformationDictionary').find(({ children }) => children.length > 0);
  if (derived) throw wrong(derived, 'derived fields are not read', FOLD);
  const models = of(root, 'RegressionModel');
  const [model] = models;
  if (!model || models.length > 1) {
    throw wrong(model ?? root, `it has ${models.length} regression models, expected one`, KINDS);
  }
  only(model, ['MiningSchema', 'RegressionTable', 'LocalTransformations'], wrong);
  const local = of(model, 'LocalTransformations').find(({ children }) => children.length > 0);
  if (local) throw wrong(local, 'derived fields are not read', FOLD);
  const { table, sign } = riskTable(model, options.unsuccessful, wrong);
  checkFields(root, model, wrong);
  const measures = measuresOf(table, of(model, 'MiningSchema')[0]!, sign, wrong);
  const intercept = sign * numberOf(table, 'intercept', wrong);
  const weeks = checkWeeks(file, [{ week: options.week, intercept, measures }]);
  const { modelName } = model.attributes;
  return { ...(modelName === undefined ? {} : { modelName }), weeks };
}

const FOLD =
  'put centring and scaling into the coefficients: coefficient / scale, and the intercept less coefficient × centre / scale';
const KINDS =
  'what is read is one RegressionModel: classification with normalizationMethod logit or softmax and two categories, or regression with logit';

type Wrong = (at: Element, what: string, hint: string) => BroughtModelError;

const wrongIn =
  (file: string): Wrong =>
  (at, what, hint) =>
    new BroughtModelError(`${file}:${at.line}: ${what}`, { about: file, file, line: at.line, hint });

const of = ({ children }: Element, name: string): readonly Element[] =>
  children.filter((child) => child.name === name);

function only(at: Element, allowed: readonly string[], wrong: Wrong): void {
  const other = at.children.find(({ name }) => !allowed.includes(name) && !IGNORED.includes(name));
  if (other) throw wrong(other, `<${other.name}> in <${at.name}> is not read`, KINDS);
}

/** The table whose sum is the log-odds of the unsuccessful category, or its negative. */
function riskTable(
  model: Element,
  wanted: string | undefined,
  wrong: Wrong,
): { table: Element; sign: 1 | -1 } {
  const { functionName, normalizationMethod = 'none' } = model.attributes;
  const tables = of(model, 'RegressionTable');
  const [first, second] = tables;
  if (functionName === 'regression') {
    if (normalizationMethod !== 'logit') {
      throw wrong(model, 'a regression without the logit gives no probability', KINDS);
    }
    if (!first || tables.length > 1)
      throw wrong(model, `it has ${tables.length} tables, expected one`, KINDS);
    return { table: first, sign: 1 };
  }
  if (functionName !== 'classification' || !['logit', 'softmax'].includes(normalizationMethod)) {
    throw wrong(
      model,
      'it is neither a classification with logit or softmax nor a regression with logit',
      KINDS,
    );
  }
  if (!first || tables.length > 2) {
    throw wrong(model, `it has ${tables.length} tables, expected one for each of two categories`, KINDS);
  }
  if (tables.length === 1 && normalizationMethod === 'softmax') {
    throw wrong(first, 'softmax needs a table for each of the two categories', KINDS);
  }
  // With two categories the second has the rest of the probability, and nothing of its own.
  if (second && (numberOf(second, 'intercept', wrong) !== 0 || predictors(second).length > 0)) {
    throw wrong(
      second,
      'both categories have coefficients; expected them in the first only',
      'take the second from the first',
    );
  }
  const categories = tables.map(({ attributes }) => attributes.targetCategory ?? '');
  const isBad = (category: string) =>
    wanted === undefined ? UNSUCCESSFUL.includes(category.toLowerCase()) : category === wanted;
  const bad = categories.findIndex(isBad);
  if (bad === -1) {
    throw wrong(
      first,
      'it does not say which category means that the course was not got through',
      `--unsuccessful names it: ${oneOf(categories.map((category) => JSON.stringify(category)))}`,
    );
  }
  return { table: first, sign: bad === 0 ? 1 : -1 };
}

const predictors = ({ children }: Element) => children.filter(({ name }) => !IGNORED.includes(name));

function measuresOf(
  table: Element,
  schema: Element,
  sign: 1 | -1,
  wrong: Wrong,
): Record<string, BroughtMeasure> {
  const measures = new Map<string, BroughtMeasure>();
  for (const predictor of predictors(table)) {
    if (predictor.name !== 'NumericPredictor') {
      throw wrong(
        predictor,
        `<${predictor.name}> is not read`,
        'the measures of the lake are numbers, each with one coefficient',
      );
    }
    const { name = '', exponent = '1' } = predictor.attributes;
    if (Number(exponent) !== 1) throw wrong(predictor, 'an exponent other than 1 is not read', KINDS);
    if (measures.has(name)) throw wrong(predictor, 'a predictor is there twice', 'add the coefficients up');
    const field = of(schema, 'MiningField').find(({ attributes }) => attributes.name === name);
    if (!field)
      throw wrong(predictor, 'a predictor is no field of the MiningSchema', 'add it, or take it out');
    const missing = field.attributes.missingValueReplacement;
    measures.set(name, {
      coefficient: sign * numberOf(predictor, 'coefficient', wrong),
      centre: 0,
      scale: 1,
      ...(missing === undefined ? {} : { whenMissing: numberOf(field, 'missingValueReplacement', wrong) }),
    });
  }
  return Object.fromEntries(measures);
}

/** Every active field is a number of the dictionary, and is used as it comes. */
function checkFields(root: Element, model: Element, wrong: Wrong): void {
  const [schema] = of(model, 'MiningSchema');
  if (!schema) throw wrong(model, 'there is no MiningSchema', KINDS);
  const dictionary = of(root, 'DataDictionary').flatMap((one) => of(one, 'DataField'));
  for (const field of of(schema, 'MiningField')) {
    const { name, usageType = 'active', outliers = 'asIs' } = field.attributes;
    if (['target', 'predicted', 'supplementary'].includes(usageType)) continue;
    if (usageType !== 'active')
      throw wrong(field, 'a field of this usageType is not read', 'active, target or supplementary');
    if (outliers !== 'asIs')
      throw wrong(field, 'a rule for outliers is not read', 'values are cut at the range of past terms');
    const declared = dictionary.find(({ attributes }) => attributes.name === name);
    if (!declared) throw wrong(field, 'a field is not in the DataDictionary', 'add it there');
    if (declared.attributes.optype !== 'continuous') {
      throw wrong(
        declared,
        'a field that is not continuous is not read',
        'the measures of the lake are numbers',
      );
    }
  }
}

function numberOf(at: Element, attribute: string, wrong: Wrong): number {
  const text = at.attributes[attribute] ?? '';
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || Math.abs(value) > 1e9) {
    throw wrong(at, `${attribute} of <${at.name}> is no number`, 'a number such as -0.25 or 1.2E-3');
  }
  return value;
}
