/** A construct that one of the two warehouses lacks, or takes differently. */
export interface NonPortable {
  /** Counted from 1. */
  readonly line: number;
  readonly found: string;
  readonly why: string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly why: string;
}

const word = (words: string, why: string): Rule => ({ pattern: new RegExp(`\\b(?:${words})\\b`, 'gi'), why });

/**
 * What a shared procedure may not use. From the Redshift guide's pages on stored procedures, unsupported
 * PostgreSQL features and functions (https://docs.aws.amazon.com/redshift/latest/dg/), each tried on PostgreSQL 18.
 */
const RULES: readonly Rule[] = [
  word('commit|rollback|savepoint', 'the caller owns the transaction'),
  word('exception\\s+when', 'Redshift rolls the whole transaction back, PostgreSQL only the block'),
  word('truncate', 'Redshift commits with it: use DELETE'),
  word('nonatomic', 'PostgreSQL does not know it'),
  word('set\\s+local|prepare|vacuum', 'not allowed in a procedure of Redshift'),
  word(
    'returns|create\\s+(?:or\\s+replace\\s+)?function',
    'Redshift has no PL/pgSQL functions: use a procedure',
  ),
  { pattern: /(?<!in)\bout\s+p_\w+|\bp_\w+\s+out\b/gi, why: 'CALL differs: use INOUT' },
  word('refcursor|cursor|fetch', 'Redshift has one cursor per session: work on sets'),
  word('loop', 'a loop over a query is a cursor in Redshift: work on sets'),
  word('on\\s+conflict|returning', 'Redshift has neither: DELETE and INSERT'),
  word('merge', 'the forms of MERGE differ too much: DELETE and INSERT'),
  word('string_agg|array_agg|generate_series|corr|format|encode|listagg', 'only one of the two has it'),
  word(
    'nvl|dateadd|datediff|convert_timezone|median|decode|len|sha2|getdate|sysdate',
    'PostgreSQL has it not',
  ),
  word('qualify|distkey|sortkey|diststyle', 'PostgreSQL does not know it'),
  word(
    'now|current_timestamp|clock_timestamp',
    "runs on Redshift's leader only: pass the time as a parameter",
  ),
  word('is\\s+(?:not\\s+)?distinct\\s+from', 'Redshift does not know it: compare with coalesce'),
  word('regexp_replace|concat', 'the two disagree about it: use || and split_part'),
  word('jsonb?|uuid|bytea|serial|bigserial|text|array|interval', 'not a column type of both: use varchar(n)'),
  word('generated|identity', 'the syntax differs: use the key of the source'),
  word('lateral|tablesample|grouping\\s+sets', 'Redshift does not know it, or takes it differently'),
  word('perform\\s+pg_\\w+|pg_catalog', 'the catalogs differ'),
  { pattern: /"[^"]*"/g, why: 'Redshift lower-cases names even in quotes: write them bare' },
  {
    // Of parameters both ignore the length.
    pattern: /(?<!\bp_\w+\s+)\bvarchar\b(?!\s*\()/gi,
    why: 'without a length it is 256 bytes in Redshift: write varchar(n)',
  },
  {
    pattern: /(?<!\bp_\w+\s+)\b(?:decimal|numeric)\b(?!\s*\()/gi,
    why: 'bare it is (18,0) in Redshift: write (p,s)',
  },
  {
    pattern: /\bavg\s*\(\s*(?![^)]*(?:::|cast))/gi,
    why: 'of whole numbers Redshift cuts the fraction: cast first',
  },
  { pattern: /\btimestamptz\b|\bwith\s+time\s+zone\b/gi, why: 'the lake keeps UTC in timestamp' },
];

/** Every use of what is not portable, in the order of lines. Comments and text literals are not looked at. */
export function findNonPortable(sql: string): NonPortable[] {
  const code = blankOut(sql);
  const findings = RULES.flatMap(({ pattern, why }) =>
    [...code.matchAll(pattern)].map((match) => ({
      line: code.slice(0, match.index).split('\n').length,
      found: match[0].replaceAll(/\s+/g, ' '),
      why,
    })),
  );
  return findings.sort((a, b) => a.line - b.line);
}

/** Comments and literals as blanks, so that lines stay where they are. */
function blankOut(sql: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, blank);
}
