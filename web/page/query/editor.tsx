import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { SQLDialect, sql as sqlLanguage } from '@codemirror/lang-sql';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { minimalSetup } from 'codemirror';
import { useEffect, useRef } from 'preact/hooks';
import type { Completion } from '../../answers.ts';

/** Where something in the statement is wrong; both start at 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

interface EditorProps {
  /** What it begins with. Another object takes the place of what was written. */
  readonly given: { readonly text: string };
  readonly completion: Completion | undefined;
  readonly mistake: Place | undefined;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
}

const KEYWORDS =
  'select from where group by having order limit offset with as and or not in is null like between exists case when then else end join inner left right full outer cross on using union all except intersect distinct cast try_cast over partition rows range unbounded preceding following current row asc desc nulls first last values unnest array map date timestamp interval true false extract filter within';
const TYPES =
  'boolean tinyint smallint integer bigint real double decimal varchar char varbinary date time timestamp array map row json';

const dialectWith = (functions: readonly string[]) =>
  SQLDialect.define({
    keywords: KEYWORDS,
    types: TYPES,
    builtin: functions.join(' '),
    caseInsensitiveIdentifiers: true,
    doubleQuotedStrings: false,
    hashComments: false,
  });

const languageOf = (completion: Completion | undefined) =>
  sqlLanguage({
    dialect: dialectWith(completion?.functions ?? []),
    schema: completion ? { ...completion.tables } : {},
    defaultSchema: 'campus',
    upperCaseKeywords: true,
  });

const setMistake = StateEffect.define<Place | undefined>();
const mistakes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMistake)) continue;
      next = effect.value ? markAt(transaction.state, effect.value) : Decoration.none;
    }
    return transaction.docChanged ? Decoration.none : next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function markAt(state: EditorState, { line, column }: Place): DecorationSet {
  if (line > state.doc.lines) return Decoration.none;
  const at = state.doc.line(line);
  const from = Math.min(at.from + Math.max(0, column - 1), at.to);
  const word = /^[\w.]+/.exec(state.doc.sliceString(from, at.to))?.[0].length ?? 1;
  const to = Math.min(at.to, from + word);
  return from < to
    ? Decoration.set([Decoration.mark({ class: 'cm-mistake' }).range(from, to)])
    : Decoration.none;
}

const theme = EditorView.theme({
  '&': { fontSize: '14px', color: 'inherit', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-content': {
    fontFamily: 'var(--mono)',
    minHeight: '7em',
    caretColor: 'currentColor',
    padding: '.6rem',
  },
  '.cm-cursor': { borderLeftColor: 'currentColor' },
  '.cm-mistake': {
    textDecoration: 'underline wavy var(--bad)',
    backgroundColor: 'color-mix(in srgb, var(--bad) 18%, transparent)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
});

/** Colours that can be read in light and in dark. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.typeName], color: 'var(--late)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
]);

/**
 * A statement that is written. It stands in a shadow root, since the editor's own styles are sheets that it constructs
 * there, where in a page it would write a `<style>` that the page's policy forbids.
 */
export function Editor({ given, completion, mistake, onChange, onRun }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const language = useRef(new Compartment());
  const calls = useRef({ onChange, onRun });
  calls.current = { onChange, onRun };
  useEffect(() => {
    const root = place.current!.shadowRoot ?? place.current!.attachShadow({ mode: 'open' });
    const run = ({ state }: EditorView) => {
      calls.current.onRun(state.doc.toString());
      return true;
    };
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: given.text,
        extensions: [
          // Tab leaves the editor, as it leaves any other field.
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
          minimalSetup,
          autocompletion({ activateOnTyping: true }),
          closeBrackets(),
          keymap.of([...closeBracketsKeymap, ...completionKeymap]),
          language.current.of(languageOf(completion)),
          mistakes,
          syntaxHighlighting(colours),
          theme,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) calls.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(completion)) });
  }, [completion]);
  useEffect(() => {
    view.current?.dispatch({ effects: setMistake.of(mistake) });
  }, [mistake]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === given.text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: given.text } });
  }, [given]);
  return <div class="editor" ref={place} />;
}
