// What a default answer says, before it is put into a vendor's words.

/** Disjoint counters; each dialect writes them the way its vendor counts. */
export interface AnswerUsage {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  /** Reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export interface AnswerToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface AnswerSpec {
  /** Streamed word by word; each word is one token. */
  readonly text: string;
  readonly toolCalls: readonly AnswerToolCall[];
  /** The signature is dropped where the dialect has no place for it. */
  readonly reasoning: { readonly text: string; readonly signature: string } | undefined;
  /** What the vendor would call a natural stop, its limit, or its filter. */
  readonly stop: "natural" | "limit" | "filter";
  readonly usage: AnswerUsage;
  /** Sent as the model of the reply; the model asked for when it is undefined. */
  readonly model: string | undefined;
}

const DEFAULT_USAGE: AnswerUsage = {
  inputTokens: 11,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 7,
  reasoningTokens: 0,
};

/** A spec as tests write it: only what differs from the default. */
export type PartialAnswer = Partial<Omit<AnswerSpec, "usage">> & {
  readonly usage?: Partial<AnswerUsage>;
};

/** Fills what a test left out. */
export function answerSpec(partial: PartialAnswer = {}): AnswerSpec {
  return {
    text: partial.text ?? "The scripted upstream says hello.",
    toolCalls: partial.toolCalls ?? [],
    reasoning: partial.reasoning,
    stop: partial.stop ?? "natural",
    usage: { ...DEFAULT_USAGE, ...partial.usage },
    model: partial.model,
  };
}

/** The pieces that a text is streamed in. Joined they are the text. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text === "" ? [] : [text]);
}

/** Input of every class. */
export function allInput(usage: AnswerUsage): number {
  return (
    usage.inputTokens + usage.cacheReadTokens + usage.cacheWrite5mTokens + usage.cacheWrite1hTokens
  );
}
