/** A model file as a college could bring it; parts of it can be changed. */
export const jsonModel = (changed: object = {}): string =>
  JSON.stringify({
    format: 'campus-lake/early-warning-model',
    version: 1,
    name: 'statewide-2025',
    licence: 'CC BY 4.0',
    contact: 'J. Ito, ito@example.edu',
    source: 'https://example.edu/model',
    intendedUse: 'Advising at two-year colleges.',
    trainedOn: '41,000 enrolments of 12 colleges, 2019 to 2024.',
    weeks: [
      {
        week: 4,
        intercept: -0.6,
        measures: { missing_share: { coefficient: 0.7, centre: 0.3, scale: 0.3, whenMissing: 0 } },
      },
      {
        week: 8,
        intercept: -0.5,
        measures: {
          missing_share: { coefficient: 0.8, centre: 0.2, scale: 0.3 },
          points_below_class: { coefficient: 1.5 },
        },
      },
    ],
    ...changed,
  });

const FIELDS = ['missing_share', 'points_below_class'];

/** The same of week 8 in PMML, as exporters write it; parts of it can be replaced. */
export const pmmlModel = (replace: readonly (readonly [string, string])[] = []): string => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
  <Header copyright="example.edu"><Application name="exporter" version="1.2"/></Header>
  <DataDictionary numberOfFields="3">
    <DataField name="outcome" optype="categorical" dataType="string">
      <Value value="1"/><Value value="0"/>
    </DataField>
${FIELDS.map((name) => `    <DataField name="${name}" optype="continuous" dataType="double"/>`).join('\n')}
  </DataDictionary>
  <RegressionModel modelName="logit" functionName="classification" normalizationMethod="logit">
    <MiningSchema>
      <MiningField name="outcome" usageType="target"/>
      <MiningField name="missing_share" missingValueReplacement="0.2"/>
      <MiningField name="points_below_class" usageType="active"/>
    </MiningSchema>
    <Output><OutputField name="p" feature="probability" value="1"/></Output>
    <RegressionTable intercept="-1.0333333333333334" targetCategory="1">
      <NumericPredictor name="missing_share" coefficient="2.6666666666666665"/>
      <NumericPredictor name="points_below_class" exponent="1" coefficient="1.5E0"/>
    </RegressionTable>
    <RegressionTable intercept="0" targetCategory="0"/>
  </RegressionModel>
</PMML>
`;
  return replace.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the model does not say ${from}`);
    return before.replace(from, to);
  }, text);
};
