const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/**
 * Words that Trino 476 takes as no name without quotes: those that fail in `SELECT 1 AS word`, which are the reserved
 * words of its manual.
 */
export const RESERVED: ReadonlySet<string> = set(`
  alter and as between by case cast constraint create cross cube current_catalog current_date current_path
  current_role current_schema current_time current_timestamp current_user deallocate delete describe distinct drop
  else end escape except exists extract false for from full group grouping having in inner insert intersect into is
  join json_array json_exists json_object json_query json_table json_value left like listagg localtime localtimestamp
  natural normalize not null on or order outer prepare recursive right rollup select skip table then trim true
  uescape union unnest using values when where with
`);

/** Words that end a list of the query before them: no comma stands there. */
export const CLAUSES: ReadonlySet<string> = set(`
  from where group having order limit offset fetch union intersect except window on using join
`);

/** Words in front of a parenthesis that are no functions. */
export const BEFORE_PARENTHESIS: ReadonlySet<string> = set(`
  all and any as between by case cast cross distinct else except exists extract filter from full group having if in
  inner intersect join lateral left like limit not offset on or order outer over partition range recursive right row
  rows groups select sets some then try_cast union unnest using values when where window with within
`);

/** Types with digits or parts in parentheses. */
export const TYPES: ReadonlySet<string> = set('array char decimal map row time timestamp varchar precision');

/**
 * Words that a statement is built with and that a tree holds in other ways than as a name. Every other word of a text
 * must be found in its tree again, as a name or as a function.
 */
export const GRAMMAR: ReadonlySet<string> = set(`
  ${[...RESERVED].join(' ')}
  all any asc at array bigint both boolean char count current date day decimal desc distinct double error fetch filter first
  following groups hour if ignore integer int interval json last lateral leading limit map minute month next nfc nfd
  nfkc nfkd nulls of offset only ordinality over overflow partition precision preceding range real respect returning row rows second sets
  smallint some time timestamp tinyint to trailing truncate try_cast unbounded uuid varbinary varchar week window within
  without year zone quarter dow doy yow day_of_week day_of_month day_of_year year_of_week
`);
