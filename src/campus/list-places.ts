import { constructFromEvents, EVENT_ID, getScalarValue, parseEvents } from 'js-yaml';

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Read {
  /** Undefined where the text is no YAML. */
  readonly value: unknown;
  readonly places: readonly Place[];
}

/**
 * The value of a YAML text, and where the words are of every list that stands under a key, in the order of the text. As
 * fast as `parseFast`, where `YamlText` takes seven times as long.
 */
export function listPlaces(text: string, key: string): Read {
  try {
    const events = parseEvents(text, {});
    const offsets: number[] = [];
    let isKey = false;
    let isInList = false;
    for (const event of events) {
      const isWord = event.type === EVENT_ID.SCALAR;
      if (isInList && isWord) offsets.push(event.valueStart);
      else isInList = isKey && event.type === EVENT_ID.SEQUENCE;
      isKey = !isInList && isWord && getScalarValue(text, event) === key;
    }
    const [value] = constructFromEvents(events, { source: text });
    return { value, places: placesOf(text, offsets) };
  } catch {
    return { value: undefined, places: [] };
  }
}

/** @param offsets in rising order */
function placesOf(text: string, offsets: readonly number[]): Place[] {
  let line = 1;
  let start = 0;
  return offsets.map((offset) => {
    for (let end = text.indexOf('\n', start); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    return { line, column: offset - start + 1 };
  });
}
