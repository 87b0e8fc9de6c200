/**
 * The campus.yaml that `lake init` writes. Comments that begin with a capital letter explain; the others are
 * settings with their defaults, or examples, to be switched on by taking the `# ` away.
 */
export function starterCampus({ name, timeZone }: { name: string; timeZone: string }): string {
  return `# yaml-language-server: $schema=schemas/campus.schema.json
# The one description of your campus. Secrets are never in it: it says where they lie,
# { env: NAME } for an environment variable, { file: path } for a file, { secretsManager: id } on AWS.
# After a change: \`lake doctor\` says what is still missing.

name: ${JSON.stringify(name)}
# An IANA time zone; days and weeks are cut by it.
timeZone: ${JSON.stringify(timeZone)}

# Where the systems are that data comes from. A source's name is the name of its database in the lake.
sources:
  canvas:
    kind: canvas
    # Made at https://identity.instructure.com; the id contains a #, so quote it in a shell.
    clientId: { env: CANVAS_CLIENT_ID }
    clientSecret: { env: CANVAS_CLIENT_SECRET }
    # namespaces: [canvas, canvas_logs]
    # format: jsonl
    # Canvas allows five new jobs a minute, for all its tables together.
    # jobsPerMinute: 5
    # Files fetched at once.
    # concurrentDownloads: 8
  sis:
    kind: postgres
    host: sis.example.edu
    port: 5432
    database: sis
    # A user that may read and nothing else.
    user: lake
    password: { env: SIS_PASSWORD }
    # Or require (encrypted, the server's certificate unchecked), or disable.
    ssl: verify-full
    # Schemas that are read. Default: all but the system's own.
    # schemas: [registrar, bursar]
    # Readers at once. Default: as many as this machine has cores.
    # maxConnections: 4

# When the nightly run starts, by the clock of the campus.
schedule:
  at: "02:30"

# Folders, relative to this file.
# lake: .lake
# catalog: catalog
# models: models

# What becomes of a column is decided by its privacy class in the catalog, or by the column's own treatment:
# keep it, pseudonym (a keyed hash in its place), exclude (it never enters the staged zone).
privacy:
  # Columns that look sensitive and that nobody has decided on are not loaded: \`lake privacy review\` shows them.
  # Or refuse (no run starts while there is one), or allow (they are treated as proposed).
  undecided: leave_behind
  # The secret key of the pseudonyms, 32 random bytes: openssl rand -hex 32. Needed once a column has one.
  # key: { env: PRIVACY_KEY }
  defaults:
    special: exclude
    aid: exclude
    text: exclude
    log: exclude
    secret: exclude
    # direct: keep
    # quasi: keep
    # education: keep

# The PostgreSQL that dashboards connect to, on this machine.
warehouse:
  port: 5439
  readOnlyUser: dashboard

# Who is notified how a run ended.
notify:
  - kind: console
  # - kind: file
  #   path: notifications.log
  # - kind: slack
  #   url: { env: SLACK_WEBHOOK }
  # - kind: email
  #   host: smtp.example.edu
  #   from: lake@example.edu
  #   to: [data-team@example.edu]
  #   on: failure

# Size of the AWS target: frugal or standard.
# profile: frugal
`;
}

/** What must not be kept in version control with the campus. */
export const STARTER_GITIGNORE = `# The lake itself, and secrets
.lake/
.env
*.password
*.key
`;
