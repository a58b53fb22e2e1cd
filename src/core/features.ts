// What a model can be asked to do, feature by feature: the names, what happens when it cannot, and how a
// row of the capability table is read. The rows stand with the provider kinds and in the document.

/** What is surely known of a model and a feature. Absent = unknown, which counts as `native`. */
export type Support = "native" | "emulated" | "none";

/** What becomes of a wish that a target cannot serve: left out with a notice, or the target refused. */
export type WithoutIt = "dropped" | "refused";

/** One feature. */
export interface FeatureRow {
  readonly title: string;
  readonly withoutIt: WithoutIt;
  /** True: Sluice can stand in for a model that lacks it. */
  readonly canBeEmulated: boolean;
}

function dropped(title: string): FeatureRow {
  return { title, withoutIt: "dropped", canBeEmulated: false };
}

function refused(title: string): FeatureRow {
  return { title, withoutIt: "refused", canBeEmulated: false };
}

function emulable(row: FeatureRow): FeatureRow {
  return { ...row, canBeEmulated: true };
}

/** All features by the names that the document uses. A closed, documented list. */
export const FEATURES = {
  tools: refused("Tools of the caller."),
  parallel_tool_calls: dropped("Switching off several tool calls in one answer."),
  forced_tool_choice: refused("A tool choice that demands a call."),
  named_tool_choice: emulable(refused("A tool choice that demands a call of one named tool.")),
  allowed_tools: emulable(dropped("A tool choice out of some of the tools.")),
  strict_tools: dropped("Tool arguments held to their schema."),
  json_schema: emulable(refused("An answer held to a JSON schema.")),
  json_mode: emulable(refused("An answer that is JSON, without a schema.")),
  images: refused("Images in the input."),
  audio: refused("Sound in the input."),
  files: refused("PDFs and other documents in the input."),
  video: refused("Video in the input."),
  media_urls: refused("Images and documents by their address, which the vendor fetches."),
  images_in_tool_results: emulable(refused("Images in the results of tools.")),
  system_between_turns: emulable(refused("Instructions between turns.")),
  reasoning: dropped("A wish for more or less reasoning."),
  temperature: dropped("The sampling temperature."),
  top_p: dropped("Nucleus sampling."),
  top_k: dropped("Sampling among the k likeliest tokens."),
  seed: dropped("A seed for repeatable sampling."),
  presence_penalty: dropped("The penalty on tokens that occurred."),
  frequency_penalty: dropped("The penalty on tokens that occurred often."),
  logit_bias: dropped("A bias on single tokens."),
  stop: refused("Stop sequences of the caller."),
  n: refused("Several answers to one request."),
  logprobs: refused("Log probabilities of tokens."),
  prefill: emulable(refused("A last turn of the assistant that the answer continues.")),
  cache_marks: dropped("Marks on what the vendor should cache."),
  citations: dropped("Citations in earlier answers and of documents."),
} as const satisfies Record<string, FeatureRow>;

/** One of the features. */
export type Feature = keyof typeof FEATURES;

/** Numbers that a model is bound to; absent = unknown. */
export interface ModelLimits {
  /** Tokens of input and output together. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** Highest temperature; values above are lowered, with a notice. */
  readonly maxTemperature?: number;
  readonly stopSequences?: number;
  readonly tools?: number;
  readonly images?: number;
  /** Bytes of one image as base64. */
  readonly imageBase64Bytes?: number;
  /** Media types of images that are taken: `image/png`. */
  readonly imageTypes?: readonly string[];
  readonly minThinkingTokens?: number;
  readonly maxThinkingTokens?: number;
}

/** One row of the table: what is surely known of a model. */
export interface Capabilities {
  readonly features?: Readonly<Partial<Record<Feature, Support>>>;
  readonly limits?: ModelLimits;
}

/** What is known of a feature. */
export function supportOf(model: Capabilities, feature: Feature): Support | "unknown" {
  return model.features?.[feature] ?? "unknown";
}

/** True unless it is known that the model itself has no such thing. */
export function takes(model: Capabilities, feature: Feature): boolean {
  const support = model.features?.[feature];
  return support === undefined || support === "native";
}

/** A row with what somebody knows better laid over it, cell by cell. */
export function withCapabilities<Row extends Capabilities>(row: Row, over: Capabilities): Row {
  return {
    ...row,
    features: { ...row.features, ...over.features },
    limits: { ...row.limits, ...over.limits },
  };
}

/** Cells that all say the same. */
export function all<Name extends Feature>(
  support: Support,
  ...names: readonly Name[]
): Readonly<Record<Name, Support>> {
  return Object.fromEntries(names.map((name) => [name, support])) as Record<Name, Support>;
}
