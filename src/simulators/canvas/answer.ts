import type { Json } from '../../json.ts';

/** What the server sends back, as data, so that a fault can be put into it before it goes out. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
}

/** A JSON answer; every answer of the API has this content type, errors included. */
export function jsonAnswer(
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return textAnswer(status, 'application/json', JSON.stringify(body), headers);
}

export function textAnswer(
  status: number,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'content-type': contentType, ...headers }, body: [Buffer.from(text)] };
}

export function byteLength(answer: Answer): number {
  return answer.body.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
