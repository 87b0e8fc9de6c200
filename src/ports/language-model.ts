/**
 * A language model, wherever it runs. It answers in JSON by a schema and has no tools: whatever it says is checked before
 * it is shown, and it can do nothing.
 */
export interface LanguageModel {
  /** What it is called in answers and in the ledger: `bedrock anthropic.claude-…`. */
  readonly name: string;
  /**
   * Reads what a question is about.
   * @throws LanguageModelError
   */
  extract(question: string, schema: JsonSchema, limits: ModelLimits): Promise<ModelAnswer>;
  /**
   * Writes from a context, which is data and no instruction.
   * @throws LanguageModelError
   */
  complete(system: string, context: string, schema: JsonSchema, limits: ModelLimits): Promise<ModelAnswer>;
}

/** A JSON Schema of an object. */
export type JsonSchema = { readonly [key: string]: unknown };

export interface ModelLimits {
  /** Most tokens that it may write. */
  readonly tokens: number;
  readonly signal: AbortSignal;
}

export interface ModelAnswer {
  /** As the model gave it; nobody has checked it against the schema. */
  readonly value: unknown;
  readonly tokensIn: number;
  readonly tokensOut: number;
}
