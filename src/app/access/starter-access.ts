import type { KnownColumn, KnownTables } from '../../access/policy.ts';
import type { PrivacyClass } from '../../campus/catalog-schema.ts';

/** What a starter is made of. */
export interface StarterCampus {
  readonly known: KnownTables;
  /** Whether the campus has a secret key, by which people can be shown as pseudonyms. */
  readonly hasKey: boolean;
}

type Column = KnownColumn & { readonly name: string };
interface Table {
  readonly table: string;
  readonly columns: readonly Column[];
}

const PERSON_COLUMN = /^(?:student|person)_id$/;
const ADVISER_COLUMN = /^advis[eo]r(?:_id)?$/;
const INSTRUCTOR_COLUMN = /^(?:instructor|teacher|faculty)(?:_id)?$/;
const OPTED_OUT = /confidential|opt_?out|ferpa|directory_hold|non_?disclosure/;
const POST_CODE = /post_?code|postal|^zip|_zip/;
const BIRTH = /birth|^dob$/;

/**
 * An access.yaml for a campus, with the roles that its tables have the columns for. It shows little: whoever writes the
 * policy opens more, line by line, and reads why in the comments.
 */
export function starterAccess({ known, hasKey }: StarterCampus): string {
  const tables = [...known].map(([table, columns]): Table => {
    return { table, columns: [...columns].map(([name, column]) => ({ name, ...column })) };
  });
  const data = tables.filter(({ table }) => !table.startsWith('ops.'));
  const hasClass = (privacy: PrivacyClass) =>
    data.some(({ columns }) => columns.some((column) => column.privacy === privacy));
  const advising = data.find(({ columns }) => one(columns, ADVISER_COLUMN) && personOf(columns));
  const teaching = data.find(({ columns }) => one(columns, INSTRUCTOR_COLUMN) && sectionOf(columns));
  const hiding = data.find(({ columns }) => one(columns, OPTED_OUT, 'boolean') && personOf(columns));
  const own = data.flatMap(({ table, columns }) => {
    const person = personOf(columns);
    return person ? [{ table, person, columns }] : [];
  });
  const plain = data.filter(
    ({ columns }) => columns.length > 0 && columns.every(({ privacy }) => privacy === 'none'),
  );
  const parts = [
    ...header(),
    'purposes:',
    ...(advising ? ['  advising: Advise students'] : []),
    ...(teaching ? ["  teaching: Teach and grade one's own sections"] : []),
    '  research: Study programs, retention and completion',
    ...(hasClass('aid') ? ['  aid: Award and administer financial aid'] : []),
    '  records: Keep the education record',
    '  stewardship: Decide about data and answer requests of students',
    '  operations: Run the lake',
    ...(own.length > 0 ? ["  own_record: Read one's own education record"] : []),
    ...(plain.length > 0 ? ['  reporting: Show figures that are about no single person'] : []),
    '',
    ...(hasClass('aid')
      ? [
          '# HEA section 483: data of aid applications serve aid, whatever a role may see otherwise.',
          'boundTo:',
          '  aid: [aid]',
          '',
        ]
      : []),
    ...lookups(advising, teaching, hiding),
    'roles:',
    ...(advising ? adviser(advising, own) : []),
    ...(teaching ? instructor(teaching, data) : []),
    ...analyst(own, plain, hiding, hasKey),
    ...(hasClass('aid') ? aid(data) : []),
    ...wide('registrar', "The registrar's office", 'records', ['direct', 'quasi', 'education'], data),
    ...wide(
      'steward',
      'The data steward',
      'stewardship',
      ['direct', 'quasi', 'education', 'special', 'text', 'log'],
      tables,
    ),
    ...operator(),
    ...(own.length > 0 ? student(own) : []),
    ...(plain.length > 0 ? dashboard(plain) : []),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

/** The only column of this name and type; a type that is not known yet is taken for it. */
const one = (columns: readonly Column[], name: RegExp, type = 'varchar'): Column | undefined => {
  const found = columns.filter((column) => name.test(column.name) && (column.type ?? type) === type);
  return found.length === 1 ? found[0] : undefined;
};

/** The column with the number of the person whom a row is about; where there are two of them nobody can tell. */
const personOf = (columns: readonly Column[]): Column | undefined =>
  columns.some(({ name }) => PERSON_COLUMN.test(name)) ? one(columns, PERSON_COLUMN) : undefined;

const sectionOf = (columns: readonly Column[]): Column | undefined =>
  columns.find(({ name }) => /^section_(?:id|code)$/.test(name));

const header = (): string[] => [
  '# yaml-language-server: $schema=schemas/access.schema.json',
  '# Who may see which rows and columns of the lake, how, and what for. What no line shows is hidden; a table that no line',
  '# gives a role does not exist for it. Written by `lake access init` from the catalog: read each line before people get',
  '# logins. `lake access check` reads the file, `lake access explain --role steward` shows what a role sees.',
  '',
];

function lookups(
  advising: Table | undefined,
  teaching: Table | undefined,
  hiding: Table | undefined,
): string[] {
  const lines = [
    ...(advising
      ? [
          `  my_advisees: { table: ${advising.table}, column: ${personOf(advising.columns)!.name}, where: ${one(advising.columns, ADVISER_COLUMN)!.name} = session.person }`,
        ]
      : []),
    ...(teaching
      ? [
          '  # It has no end: add the condition that tells the sections of now, such as a term that runs.',
          `  my_sections: { table: ${teaching.table}, column: ${sectionOf(teaching.columns)!.name}, where: ${one(teaching.columns, INSTRUCTOR_COLUMN)!.name} = session.person }`,
        ]
      : []),
    ...(hiding
      ? [
          '  # People who have opted out of directory information (34 CFR 99.37).',
          `  confidential: { table: ${hiding.table}, column: ${personOf(hiding.columns)!.name}, where: ${one(hiding.columns, OPTED_OUT, 'boolean')!.name} = true }`,
        ]
      : []),
  ];
  return lines.length === 0
    ? []
    : ['# Lists of values that conditions ask. They are made of whole tables.', 'lookups:', ...lines, ''];
}

interface OwnTable extends Table {
  readonly person: Column;
}

function role(
  name: string,
  description: string,
  purpose: string,
  classes: readonly PrivacyClass[],
  rows: readonly (readonly [table: string, rows: string])[],
  more: readonly string[] = [],
): string[] {
  const shown = ['none', ...classes].map((of) => `${of}: whole`).join(', ');
  return [
    `  ${name}:`,
    `    description: ${description}`,
    ...(rows.some(([, condition]) => /session\.person|in my_/.test(condition))
      ? ['    attributes: [person]']
      : []),
    `    purposes: [${purpose}]`,
    `    classes: { ${shown} }`,
    '    tables:',
    ...rows.map(([table, condition]) => `      ${table}: ${condition}`),
    ...more,
    '',
  ];
}

/** A lookup can be asked of columns that hold values like its own. */
const asks = (column: Column | undefined, of: Column | undefined): boolean =>
  column !== undefined && (column.type === undefined || of?.type === undefined || column.type === of.type);

const adviser = ({ columns }: Table, own: readonly OwnTable[]): string[] =>
  role(
    'adviser',
    'Advisers, for the students whom they advise',
    'advising',
    ['direct', 'quasi', 'education'],
    own
      .filter(({ person }) => asks(person, personOf(columns)))
      .map(({ table, person }) => [table, `${person.name} in my_advisees`]),
  );

function instructor({ table: sections, columns: of }: Table, data: readonly Table[]): string[] {
  const section = sectionOf(of)!;
  const rows = data.flatMap(({ table, columns }) => {
    const same = columns.find(({ name }) => name === section.name);
    const isClass = table !== sections && personOf(columns) && asks(same, section);
    return same && isClass ? [[table, `${same.name} in my_sections`] as const] : [];
  });
  if (rows.length === 0) return [];
  const all = [...rows, [sections, `${section.name} in my_sections`] as const];
  return role(
    'instructor',
    'Instructors, for the sections that they teach',
    'teaching',
    ['direct', 'quasi', 'education'],
    all,
  );
}

/** People by pseudonyms where the campus has a key; descriptions of people hidden or made coarse. */
function analyst(
  own: readonly OwnTable[],
  plain: readonly Table[],
  hiding: Table | undefined,
  hasKey: boolean,
): string[] {
  const hidden = hiding && personOf(hiding.columns);
  const rows = own.map(
    ({ table, person }) =>
      [table, hidden && asks(person, hidden) ? `${person.name} not in confidential` : 'all'] as const,
  );
  const columns = own.flatMap(({ table, person, columns: all }) => [
    `      ${table}.${person.name}: ${hasKey ? 'pseudonym person' : 'whole'}`,
    ...all.flatMap(({ name, type, privacy }) => {
      if (privacy !== 'quasi' || name === person.name) return [];
      if (BIRTH.test(name) && (type === 'date' || type === 'timestamp'))
        return [`      ${table}.${name}: year 90+`];
      return POST_CODE.test(name) && type === 'varchar' ? [`      ${table}.${name}: zip3`] : [];
    }),
  ]);
  if (rows.length + plain.length === 0) return [];
  return role(
    'analyst',
    'Institutional research, without names',
    'research',
    ['education'],
    [...rows, ...plain.map(({ table }) => [table, 'all'] as const)],
    columns.length > 0 ? ['    columns:', ...columns] : [],
  );
}

function aid(data: readonly Table[]): string[] {
  const rows = data
    .filter(({ columns }) => columns.some(({ privacy }) => privacy === 'aid'))
    .map(({ table }) => [table, 'all'] as const);
  return role(
    'financial_aid',
    'The financial aid office',
    'aid',
    ['direct', 'quasi', 'education', 'aid'],
    rows,
  );
}

function wide(
  name: string,
  description: string,
  purpose: string,
  classes: readonly PrivacyClass[],
  tables: readonly Table[],
): string[] {
  const databases = [...new Set(tables.map(({ table }) => table.split('.')[0]!))].sort();
  return role(
    name,
    description,
    purpose,
    classes,
    databases.map((database) => [`${database}.*`, 'all'] as const),
  );
}

const operator = (): string[] =>
  role(
    'operator',
    'The data team, which runs the lake and needs no rows about students',
    'operations',
    [],
    [['ops.*', 'all']],
    [
      '    # Who reads the lake is watched by others than those who run it.',
      '    deny: [ops.access, ops.disclosures]',
    ],
  );

const student = (own: readonly OwnTable[]): string[] =>
  role(
    'student',
    'Students, for their own record',
    'own_record',
    ['direct', 'quasi', 'education'],
    own.map(({ table, person }) => [table, `${person.name} = session.person`] as const),
  );

const dashboard = (plain: readonly Table[]): string[] =>
  role(
    'dashboard',
    'Dashboards that show figures and no person',
    'reporting',
    [],
    plain.map(({ table }) => [table, 'all'] as const),
  );
