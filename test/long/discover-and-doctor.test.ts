import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineDiscover } from '../../bin/commands/discover.ts';
import { defineDoctor } from '../../bin/commands/doctor.ts';
import { defineInit } from '../../bin/commands/init.ts';
import { defineReview } from '../../bin/commands/review.ts';
import type { Summary } from '../../bin/discover/summary.ts';
import type { Finding } from '../../src/app/doctor/finding.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { treatmentOf } from '../../src/privacy/treatment.ts';
import { generateCollege } from '../../src/simulators/college/generate.ts';
import { type SimulatedCampus, startSimulatedCampus } from '../../src/simulators/simulated-campus.ts';

let folder: string;
let simulated: SimulatedCampus;
let registrar: pg.Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commands-'));
  const college = generateCollege({ students: 8, seed: 3, days: 30 });
  simulated = await startSimulatedCampus({
    college,
    start: college.closes,
    directory: join(folder, 'simulator'),
  });
  const sis = simulated.sis!;
  registrar = new pg.Client({ ...sis.owner, host: sis.host, port: sis.port, database: sis.database });
  await registrar.connect();
});
afterAll(async () => {
  await registrar.end();
  await simulated.stop();
  await rm(folder, { recursive: true });
});

let out: string[];
let err: string[];
beforeEach(() => {
  out = [];
  err = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  vi.stubEnv('CANVAS_CLIENT_ID', simulated.canvas!.clientId);
  vi.stubEnv('CANVAS_CLIENT_SECRET', simulated.canvas!.clientSecret);
  vi.stubEnv('SIS_PASSWORD', simulated.sis!.password);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

/** Runs a command as the command line would. @returns its exit code */
async function lake(...args: string[]): Promise<number> {
  const program = new Command('lake').exitOverride();
  const commands = { init: defineInit, discover: defineDiscover, review: defineReview, doctor: defineDoctor };
  for (const [name, define] of Object.entries(commands)) define(program.command(name));
  await program.parseAsync(['node', 'lake', ...args]);
  const code = Number(process.exitCode);
  process.exitCode = undefined;
  return code;
}

const at = (name: string) => join(folder, 'college', name);
const read = (name: string) => readFile(at(name), 'utf8');
const json = <T>() => JSON.parse(out.join('')) as T;

async function discover(source: string, ...flags: string[]): Promise<Summary> {
  out = [];
  expect(await lake('discover', source, '--campus', at(''), '--json', ...flags), err.join('')).toBe(0);
  return json<Summary>();
}

async function doctor(): Promise<{ code: number; findings: Finding[] }> {
  out = [];
  const code = await lake('doctor', '--campus', at(''), '--json');
  return { code, findings: json<{ findings: Finding[] }>().findings };
}

const bad = ({ findings }: { findings: Finding[] }) =>
  findings.filter((f) => f.status === 'fail').map((f) => `${f.about}: ${f.text}`);

describe.sequential('a campus from nothing', () => {
  it('begins with lake init, which overwrites nothing', async () => {
    expect(await lake('init', at(''), '--name', 'Test College', '--time-zone', 'America/Denver')).toBe(0);
    const text = await read('campus.yaml');
    expect(await lake('init', at(''))).toBe(2);
    expect(err.join('')).toContain('is there already; nothing was written');
    expect(await read('campus.yaml')).toBe(text);
    const { canvas, sis } = simulated;
    const pointed = text
      .replace('kind: canvas\n', `kind: canvas\n    url: ${canvas!.url}\n`)
      .replace('sis.example.edu', sis!.host)
      .replace('port: 5432', `port: ${sis!.port}`)
      .replace('ssl: verify-full', 'ssl: disable');
    await writeFile(at('campus.yaml'), pointed);
    expect((await loadCampus(at(''))).campus).toMatchObject({
      name: 'Test College',
      timeZone: 'America/Denver',
    });
  });

  it('discovers both sources; a dry run only says so', async () => {
    const dry = await discover('sis', '--dry-run');
    expect(dry.changes.newTables.length).toBeGreaterThan(15);
    expect((await loadCampus(at(''))).catalog.datasets).toEqual([]);

    await discover('sis');
    await discover('canvas');
    // A new campus leaves behind what nobody has decided on: tables whose key names a person, and columns of others.
    const { catalog: before } = await loadCampus(at(''));
    expect(before.of('sis').length).toBeLessThan(dry.changes.newTables.length);
    expect(before.undecided).toContainEqual({
      dataset: 'sis.registrar_persons',
      column: 'ssn',
      privacy: 'secret',
    });
    const text = await read('campus.yaml');
    await writeFile(at('campus.yaml'), text.replace('undecided: leave_behind', 'undecided: allow'));
    const { campus, catalog } = await loadCampus(at(''));
    expect(
      catalog
        .of('sis')
        .map((d) => d.id)
        .sort(),
    ).toEqual(dry.changes.newTables.map((t) => t.id).sort());
    const persons = catalog.get('sis.registrar_persons');
    expect(persons).toMatchObject({ namespace: 'registrar', table: 'persons', key: ['person_id'] });
    const ssn = persons.columns.find((c) => c.name === 'ssn')!;
    expect(treatmentOf(campus, ssn)).toBe('exclude');
    expect(catalog.get('canvas.web_logs')).toMatchObject({ namespace: 'canvas_logs', key: ['id'] });
    expect(catalog.get('canvas.enrollment_states').key).toEqual(['enrollment_id']);
    expect(catalog.get('canvas.users').columns.find((c) => c.name === 'id')!.type).toBe('bigint');
  });

  it('finds nothing new the second time', async () => {
    const before = [await read('catalog/sis.yaml'), await read('catalog/canvas.yaml')];
    expect((await discover('sis')).files).toEqual([]);
    expect((await discover('canvas')).files).toEqual([]);
    expect([await read('catalog/sis.yaml'), await read('catalog/canvas.yaml')]).toEqual(before);
  });

  it('lists what was proposed, for a person to read, and takes it as decided', async () => {
    expect(await lake('review', 'sis.registrar_terms', '--campus', at(''))).toBe(0);
    expect(out.join('')).toContain('sis.registrar_terms');
    expect(await lake('review', 'sis.registrar_terms', '--accept', '--campus', at(''))).toBe(0);
    out = [];
    expect(await lake('review', 'sis.registrar_terms', '--json', '--campus', at(''))).toBe(0);
    expect(json<{ tables: unknown[] }>().tables).toEqual([]);
  });

  it('is ready for a run, says the doctor, with the marts and without any model', async () => {
    const bare = await doctor();
    expect([bare.code, bad(bare)]).toEqual([0, []]);
    expect(bare.findings.find(({ about }) => about === 'models')?.status).toBe('warn');

    expect(await lake('init', at(''), '--marts')).toBe(0);
    const { code, findings } = await doctor();
    expect(bad({ findings })).toEqual([]);
    expect(code).toBe(0);
    const said = findings.filter((f) => f.status === 'ok').map((f) => f.about);
    expect(said).toEqual(
      expect.arrayContaining([
        'campus',
        'secrets',
        'canvas',
        'sis',
        'models',
        'node',
        'lake',
        'disk',
        'warehouse',
        'notify',
      ]),
    );
    expect(findings.find((f) => f.about === 'catalog')?.text).toMatch(
      /^[\d,]+ loaded columns with a proposed privacy class/,
    );
  });

  it('follows what changes at the source', async () => {
    await registrar.query(`
      ALTER TABLE registrar.holds ADD COLUMN tax_id text;
      CREATE TABLE registrar.parking (permit int PRIMARY KEY, plate text);
      ALTER TABLE registrar.phones RENAME COLUMN texts_allowed TO may_text`);
    try {
      const diagnosis = await doctor();
      expect(diagnosis.code).toBe(0);
      const warnings = diagnosis.findings.filter((f) => f.status === 'warn' && f.about === 'sis');
      expect(warnings.map((f) => f.text)).toEqual([
        'columns gone at the source: sis.registrar_phones.texts_allowed',
        'at the source and not in the catalog, so not loaded: 1 table, 2 columns',
      ]);
      const { changes } = await discover('sis');
      expect(changes).toMatchObject({
        newTables: [{ id: 'sis.registrar_parking', columns: 2 }],
        goneColumns: [{ id: 'sis.registrar_phones', column: 'texts_allowed' }],
        changed: [],
      });
      expect(changes.newColumns).toContainEqual({
        id: 'sis.registrar_holds',
        column: 'tax_id',
        privacy: 'secret',
      });
    } finally {
      await registrar.query(`
        ALTER TABLE registrar.holds DROP COLUMN tax_id;
        DROP TABLE registrar.parking;
        ALTER TABLE registrar.phones RENAME COLUMN may_text TO texts_allowed`);
    }
  });
});

describe.sequential('a sample of values', () => {
  it('is judged, and never printed or kept', async () => {
    await registrar.query(`
      CREATE TABLE registrar.imports (line int PRIMARY KEY, ref text, place text, "Odd "" name" text);
      INSERT INTO registrar.imports
        SELECT i, '123-45-' || 6000 + i, 'p' || i || '@secret.example', 'word ' || i FROM generate_series(1, 300) i;
      GRANT SELECT ON registrar.imports TO ${simulated.sis!.user}`);
    const before = await read('catalog/sis.yaml');
    try {
      const blind = await discover('sis', '--dry-run');
      expect(blind.changes.proposed).toEqual({ none: 4 });
      const seeing = await discover('sis', '--sample', '100');
      expect(seeing.changes.proposed).toEqual({ none: 2, secret: 1, direct: 1 });
      const written = await read('catalog/sis.yaml');
      expect(written).toContain(
        '# proposed: values shaped as social security numbers (100 distinct values looked at)',
      );
      expect(out.join('') + written).not.toMatch(/123-45-6|@secret/);
    } finally {
      await registrar.query('DROP TABLE registrar.imports');
      await writeFile(at('catalog/sis.yaml'), before);
    }
  });
});

describe.sequential('the doctor', () => {
  // A smaller campus, since it is looked at so often: page views alone of Canvas, one model.
  it('first sees a campus of a few tables', async () => {
    const campus = await read('campus.yaml');
    await rm(at('models'), { recursive: true });
    await rm(at('catalog/canvas.yaml'));
    await mkdir(at('models'));
    await writeFile(at('models/terms.sql'), 'SELECT term_code FROM sis.registrar_terms\n');
    await writeFile(
      at('campus.yaml'),
      campus.replace('# namespaces: [canvas, canvas_logs]', 'namespaces: [canvas_logs]'),
    );
    await discover('canvas');
  });

  it('fails for a table that is gone, and prints what to do', async () => {
    expect(bad(await doctor())).toEqual([
      'sis: sis.registrar_parking: in the catalog, and not at the source',
    ]);
    out = [];
    expect(await lake('doctor', '--campus', at(''))).toBe(1);
    expect(out.join('')).toContain('→ set load: off on them, or ask what has become of them');
    expect(out.join('')).toContain('1 to fix before a run');
    await writeFile(
      at('catalog/sis.yaml'),
      (await read('catalog/sis.yaml')).replace('table: parking\n', 'table: parking\n    load: off\n'),
    );
    expect(bad(await doctor())).toEqual([]);
  });

  it('sees secrets that are missing or wrong', async () => {
    vi.stubEnv('SIS_PASSWORD', 'wrong');
    vi.stubEnv('CANVAS_CLIENT_ID', undefined);
    const found = await doctor();
    expect(found.code).toBe(1);
    expect(bad(found)).toEqual([
      'secrets: the environment variable CANVAS_CLIENT_ID is not set',
      'canvas: was not asked, as a secret of it is missing',
      expect.stringMatching(/^sis: Cannot connect .* it refused the password/),
    ]);
  });

  it('sees what the user of the SIS may not read, and what it may write', async () => {
    const user = simulated.sis!.user;
    await registrar.query(`
      REVOKE SELECT ON registrar.grades FROM ${user};
      GRANT UPDATE ON registrar.terms TO ${user};
      ALTER TABLE registrar.students ENABLE ROW LEVEL SECURITY`);
    try {
      const found = await doctor();
      expect(bad(found)).toEqual([
        `sis: the user ${user} may not read registrar.grades`,
        `sis: row security hides rows of registrar.students from the user ${user}: a run does not load them`,
      ]);
      expect(found.findings.map((f) => f.text)).toContain(
        `the user ${user} may write to 1 table, such as registrar.terms`,
      );
    } finally {
      await registrar.query(`
        GRANT SELECT ON registrar.grades TO ${user};
        REVOKE UPDATE ON registrar.terms FROM ${user};
        ALTER TABLE registrar.students DISABLE ROW LEVEL SECURITY`);
    }
  });

  it('sees a port that is taken, a mail server that is not there, a model that reads what is off', async () => {
    const other = createServer();
    const port = await new Promise<number>((done) =>
      other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)),
    );
    const campus = await read('campus.yaml');
    const catalog = await read('catalog/sis.yaml');
    await writeFile(
      at('campus.yaml'),
      campus
        .replace('port: 5439', `port: ${port}`)
        .replace(
          '- kind: console',
          '- { kind: email, host: 127.0.0.1, port: 1, from: a@x.edu, to: [b@x.edu] }',
        ),
    );
    await writeFile(
      at('catalog/sis.yaml'),
      catalog.replace('table: terms\n', 'table: terms\n    load: off\n'),
    );
    try {
      const found = bad(await doctor());
      expect(found).toContain(`warehouse: port ${port} is taken by another program`);
      expect(found.join('\n')).toMatch(
        /notify: the mail server 127.0.0.1:1 takes no mail from here: .*\(E\w+\)/,
      );
      expect(found.join('\n')).toMatch(
        /models: .*\.sql reads sis\.registrar_terms.*, which the catalog switches off/,
      );
    } finally {
      other.close();
      await writeFile(at('campus.yaml'), campus);
      await writeFile(at('catalog/sis.yaml'), catalog);
    }
  });

  it('tells every problem of a campus that cannot be read, and exits with 2', async () => {
    const campus = await read('campus.yaml');
    await writeFile(at('campus.yaml'), campus.replace('timeZone', 'timezone'));
    try {
      const found = await doctor();
      expect(found.code).toBe(2);
      expect(bad(found)).toHaveLength(2);
      expect(bad(found).join()).toContain('did you mean "timeZone"?');
    } finally {
      await writeFile(at('campus.yaml'), campus);
    }
  });
});

describe('lake discover', () => {
  it('answers an unknown source with the nearest', async () => {
    expect(await lake('discover', 'canvs', '--campus', at(''))).toBe(2);
    expect(err.join('')).toContain('campus.yaml has no source "canvs"; did you mean "canvas"?');
  });

  it('writes nothing when the credentials are refused', async () => {
    const before = await read('catalog/canvas.yaml');
    vi.stubEnv('CANVAS_CLIENT_SECRET', 'hunter2');
    expect(await lake('discover', 'canvas', '--campus', at(''))).toBe(1);
    expect(err.join('')).not.toContain('hunter2');
    expect(await read('catalog/canvas.yaml')).toBe(before);
  });

  it('prints a summary for people', async () => {
    expect(await lake('discover', 'canvas', '--campus', at(''))).toBe(0);
    expect(out.join('')).toMatch(/^canvas: \d+ tables? at the source\n {2}the catalog says the same\n$/);
  });
});
