/**
 * What services of AWS say of a failure, in the lake's words. Their texts are free, and some repeat what a database
 * or a statement said, with values in it: so known reasons are recognised, and names are kept where their form is
 * that of a name of AWS. The first that fits counts.
 */
const REASONS: readonly (readonly [said: RegExp, words: string])[] = [
  [/not authorized to perform:? ([a-z0-9-]{2,40}:[A-Za-z]{2,60})\b/, 'not authorized to perform $1'],
  [/Insufficient Lake Formation permission\(s\)/i, 'Lake Formation does not grant it'],
  [/access ?denied|not authorized|permission denied|insufficient privilege/i, 'access was denied'],
  [
    /password authentication failed|authentication failed|invalid credentials|login failed/i,
    'the login was refused',
  ],
  [/expired token|token (?:included in the request )?is expired/i, 'the session of AWS has expired'],
  [/timed? ?out/i, 'connection timed out'],
  [/connection refused/i, 'connection refused'],
  [
    /could not translate host|unknown host|name or service not known|no such host/i,
    'the name of the host cannot be resolved',
  ],
  [/no route to host|(?:network|host) is unreachable/i, 'no route to host'],
  [/slot (?:is|was|has been) (?:lost|invalidated)|WAL segment .*removed/i, 'the replication slot is lost'],
  [/certificate|\bssl\b|\btls\b/i, 'no encrypted connection could be agreed on'],
  [
    /replication slot|wal_level|logical (?:decoding|replication)|pg_hba/i,
    'the database does not let its changes be followed',
  ],
  [/too many (?:connections|clients)|remaining connection slots/i, 'the database takes no more connections'],
  [/out of memory|OutOfMemory|ExecutorLost|exit code 137/i, 'out of memory'],
  [/no space left|disk full|storage full/i, 'the disk is full'],
  [
    /quota|limit exceeded|exceeded the limit|too many requests|throttl|rate exceeded/i,
    'a limit of the account is reached',
  ],
  [/concurrent modification|concurrently/i, 'somebody else changed it at the same time'],
  [/does not exist|not found|no such/i, 'something that it needs does not exist'],
];

/** The reason among the words of a service; undefined where none is known. */
export function serviceReason(said: string): string | undefined {
  for (const [shape, words] of REASONS) {
    const match = shape.exec(said);
    if (match) return words.replace('$1', match[1] ?? '');
  }
  return undefined;
}
