/** Something of the lake that cannot be read as it was written. */
export interface Damage {
  readonly kind: 'record' | 'publication' | 'table' | 'raw';
  /** The dataset or model, or the key of the record or document. */
  readonly about: string;
  /** What was found, in words. */
  readonly found: string;
  /** Files that are concerned, as keys of the object store. */
  readonly files?: readonly string[];
  readonly remedy: Remedy;
}

/** What is done about it. Doing it again changes nothing. */
export type Remedy =
  /** The record goes: the next run makes it again. */
  | { readonly do: 'drop-record'; readonly key: string }
  /** The dataset's record is made again from what is published; its next load is a snapshot. */
  | { readonly do: 'recover-dataset'; readonly dataset: string; readonly publication: string }
  | {
      readonly do: 'recover-model';
      readonly model: string;
      readonly table: string;
      readonly publication: string;
    }
  /** The pointer names this publication, and keeps these. */
  | { readonly do: 'point-to'; readonly publication: string; readonly kept: readonly string[] }
  /** The document goes. */
  | { readonly do: 'drop-publication'; readonly publication: string }
  /** The next run stages the table again from the raw zone. */
  | { readonly do: 'restage'; readonly dataset: string }
  /** The next run asks the source for all of it. */
  | { readonly do: 'reload'; readonly dataset: string }
  /** The next run does it by itself, or nothing needs it. */
  | { readonly do: 'nothing'; readonly because: string };

/** What a remedy does, in words. */
export function describeRemedy(remedy: Remedy): string {
  switch (remedy.do) {
    case 'drop-record':
      return 'drop the record; the next run makes it again';
    case 'recover-dataset':
      return `make the record again from publication ${remedy.publication}, and load all of it in the next run`;
    case 'recover-model':
      return `make the record again from publication ${remedy.publication}`;
    case 'point-to':
      return `show publication ${remedy.publication}`;
    case 'drop-publication':
      return 'drop the document';
    case 'restage':
      return 'stage the table again from the raw zone in the next run';
    case 'reload':
      return 'load all of it from the source in the next run';
    case 'nothing':
      return `nothing: ${remedy.because}`;
  }
}
