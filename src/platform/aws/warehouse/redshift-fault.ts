/** What Redshift says, by how it begins, in the lake's words; names of objects are kept, values are not. */
const SHAPES: readonly (readonly [said: RegExp, words: string])[] = [
  [
    /^permission denied for (?:relation|table|schema|database|function|language) ("?[\w.$]{1,127}"?)/,
    'a right on $1 is missing',
  ],
  [/^(?:relation|table) "([\w.$]{1,127})" does not exist/, 'there is no table $1'],
  [/^schema "([\w$]{1,127})" does not exist/, 'there is no schema $1'],
  [/^schema "([\w$]{1,127})" already exists/, 'the schema $1 exists already'],
  [/^column "?([\w.$]{1,127})"? (?:does not exist|of relation)/, 'there is no column $1'],
  [/^(?:function|procedure) ([\w.$]{1,127})\(/, 'there is no procedure or function $1 for these arguments'],
  [/^cannot drop /, 'other objects depend on it'],
  [
    /^Load into table '([\w.$]{1,127})' failed/,
    "the rows of $1 could not be loaded; Redshift's view sys_load_error_detail says which file",
  ],
  [/^Spectrum Scan Error/, 'a file of the lake could not be read'],
  [/^S3ServiceException/, 'Amazon S3 refused: check the role that COPY uses'],
  [/^(?:value too long|Value too long|String length exceeds)/, 'a text is longer than its column'],
  [
    /^(?:Numeric data overflow|numeric field overflow|Overflow|value out of range|integer out of range)/i,
    'a number is too large for its column',
  ],
  [
    /^(?:invalid input syntax|Invalid digit|Invalid data|Error converting|invalid value)/i,
    'a value does not fit its type',
  ],
  [/^division by zero/i, 'division by zero'],
  [/^syntax error/, 'the SQL cannot be read'],
  [/^Query \(\d+\) cancelled|^Query cancelled|abort/i, 'the statement was stopped'],
  [/^(?:disk full|Disk Full)/, 'the disk is full'],
  [/^password authentication failed|^FATAL/, 'the login was refused'],
];

const NOT_REPEATED = "an error that is not repeated here; Redshift's view sys_query_history has it";

/** The reason of a failed statement without what could be a value of a row. */
export function redshiftFault(said: string): string {
  const text = said.replace(/^\s*(?:ERROR|FATAL):\s*/, '');
  for (const [shape, words] of SHAPES) {
    const match = shape.exec(text);
    if (match) return words.replace('$1', match[1] ?? '');
  }
  return NOT_REPEATED;
}
