import type { Json } from '../../json.ts';

/** What the server sends back, as data, so that a fault can be put into it before it goes out. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
  /** Default: all of it, at once. */
  readonly delivery?: Delivery;
}

/** How an answer travels; times in ms of the machine's clock. */
export interface Delivery {
  /** Before the first byte. */
  readonly delayMs?: number;
  /** After each piece of the body. */
  readonly pauseMs?: number;
  /** The connection is broken after this part of the body, from 0 (not even a status) to 1. */
  readonly cutAt?: number;
  /** How long nothing happens before it is broken. */
  readonly stallMs?: number;
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

export function byteLength(body: Answer['body']): number {
  return body.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
