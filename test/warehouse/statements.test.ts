import fc from 'fast-check';
import { expect, it } from 'vitest';
import { statementsOf } from '../../src/warehouse/statements.ts';

const PIECES = [
  'SELECT 1',
  "SELECT 'a;''b;'",
  'SELECT "odd;name"',
  'SELECT 1 -- a; comment\n + 2',
  'SELECT /* ; */ 3',
  'CREATE PROCEDURE p() AS $$ BEGIN DELETE FROM t; END; $$ LANGUAGE plpgsql',
  "CREATE PROCEDURE p() AS $body$ BEGIN x := '$$;'; END; $body$ LANGUAGE plpgsql",
];

it('cuts a file at the semicolons between its statements and nowhere else', () => {
  const noise = fc.constantFrom('', '\n', ' ', '-- only; words\n', '/* ; */');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...PIECES), noise), { maxLength: 8 }), (list) => {
      const file = list.map(([statement, after]) => `${statement};${after}`).join('');

      const found = statementsOf(`${file}\n;;`);

      expect(found.map((one) => one.replace(/^(\s|-- only; words\n|\/\* ; \*\/)*/, ''))).toEqual(
        list.map(([statement]) => statement),
      );
    }),
  );
});

it('takes the last statement without a semicolon', () => {
  expect(statementsOf('SELECT 1; SELECT 2')).toEqual(['SELECT 1', 'SELECT 2']);
});
