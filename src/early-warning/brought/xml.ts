import { SaxesParser, type SaxesTagNS } from 'saxes';
import { BroughtModelError } from '../errors.ts';

/** An element of an XML document. Text between elements is left out: the models that are read have none of it. */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  /** By name, those without a namespace. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly line: number;
}

const MOST_ELEMENTS = 20_000;
const DEEPEST = 50;

/**
 * Parses a document, with bounds, and without what a document could reach beyond itself with: a document type is
 * refused, and so are the entities that it would declare.
 * @throws BroughtModelError
 */
export function parseXml(file: string, text: string): Element {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const refuse = (what: string, hint: string, cause?: unknown): never => {
    throw new BroughtModelError(`${file}:${parser.line}: ${what}`, {
      about: file,
      file,
      line: parser.line,
      hint,
      cause,
    });
  };
  const open: (Element & { readonly children: Element[] })[] = [];
  let root: Element | undefined;
  let elements = 0;
  parser.on('error', (cause) => refuse('this is not well-formed XML', 'export the model again', cause));
  parser.on('doctype', () => refuse('a document type (DTD) is not read', 'take <!DOCTYPE …> out'));
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (++elements > MOST_ELEMENTS || open.length >= DEEPEST) {
      refuse(
        `the document is too large: at most ${MOST_ELEMENTS} elements, ${DEEPEST} deep, are read`,
        'a regression of ten measures needs a few dozen',
      );
    }
    const attributes = Object.values(tag.attributes).flatMap((one) =>
      one.uri === '' ? [[one.local, one.value] as const] : [],
    );
    const element = {
      name: tag.local,
      namespace: tag.uri,
      attributes: Object.fromEntries(attributes),
      children: [],
      line: parser.line,
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root!;
}
