import { call, textOf } from '../../build.ts';
import { constantText } from '../../literal.ts';
import { type Ast, isObject, nameOf } from '../../tree.ts';
import { unicodeText } from '../../unicode-text.ts';
import { refused } from '../rewriting.ts';
import type { Area } from './area.ts';

/** Signs written by their number, and the forms of those that can be written in several ways. */
export const UNICODE: Area = {
  macros: ['trino_normalize(x) AS nfc_normalize(x)'],
  kinds: {
    normalize: ({ data, text }) =>
      /^nfc$/i.test(nameOfForm(data.form))
        ? call('trino_normalize', data.this)
        : refused(
            { normalize: data },
            text,
            'not every engine knows this form of Unicode',
            'write normalize(x), which is NFC',
          ),
    unicode_string: ({ data, text }) => {
      const read = unicodeText(data);
      return read === undefined
        ? refused(
            { unicode_string: data },
            text,
            'a sign of this text is not written as Athena reads it',
            "write U&'\\00e9' or U&'\\+01f600': four digits, or + and six",
          )
        : textOf(read);
    },
  },
};

const nameOfForm = (form: Ast | undefined): string =>
  (isObject(form) && isObject(form.column) ? nameOf(form.column.name) : undefined) ??
  (form === null || form === undefined ? 'NFC' : String(constantText(form)));
