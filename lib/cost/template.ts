/** A resource of a synthesized template. */
export interface Resource {
  /** `stack/logical id` */
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Something that is paid for: so much of what has this price. */
export interface Charge {
  /** The line of the bill, in words. */
  readonly what: string;
  /** Name in the price table. */
  readonly price: string;
  /** A month's worth, in the unit of the price. */
  readonly quantity: number;
}
