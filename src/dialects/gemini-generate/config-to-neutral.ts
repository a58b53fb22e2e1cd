// `generationConfig` to the neutral form: limits, sampling, reasoning, the form of the answer.

import { GatewayError } from "#core/errors.ts";
import type { Json } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type {
  NeutralRequest,
  ReasoningEffort,
  ReasoningWish,
  ResponseFormat,
  Sampling,
} from "../neutral.ts";
import type { Fields } from "./fields.ts";
import { schemaToJsonSchema } from "./schema.ts";

const CONFIG_FIELDS = new Set([
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
  "candidateCount",
  "stopSequences",
  "responseMimeType",
  "responseSchema",
  "responseJsonSchema",
  "thinkingConfig",
  "responseLogprobs",
  "logprobs",
]);
const THINKING_FIELDS = new Set(["thinkingBudget", "thinkingLevel", "includeThoughts"]);
const LEVELS: ReadonlyMap<string, ReasoningEffort> = new Map([
  ["MINIMAL", "minimal"],
  ["LOW", "low"],
  ["MEDIUM", "medium"],
  ["HIGH", "high"],
]);

type ConfigShare = Pick<
  NeutralRequest,
  "maxOutputTokens" | "sampling" | "reasoning" | "responseFormat"
>;

/** Reads `generationConfig`; what has no neutral place goes to `extras`. */
export function readConfig(body: Fields, extras: Map<string, Json>): ConfigShare {
  const config = body.object("generationConfig");
  if (config === undefined) return { sampling: {} };
  refuseOtherAnswers(config);
  for (const [name, value] of config.rest(CONFIG_FIELDS)) {
    if (!isPlainTextAnswer(name, value)) extras.set(`generationConfig.${name}`, value);
  }
  const maxOutputTokens = config.integer("maxOutputTokens");
  const reasoning = readReasoning(config, extras);
  const responseFormat = readFormat(config, extras);
  return {
    sampling: readSampling(config),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(reasoning !== undefined && { reasoning }),
    ...(responseFormat !== undefined && { responseFormat }),
  };
}

/** An answer in pictures or sound would be another thing without them. */
function refuseOtherAnswers(config: Fields): void {
  const wanted = config.value("responseModalities");
  if (wanted === undefined || isPlainTextAnswer("responseModalities", wanted)) return;
  const param = config.pathOf("responseModalities");
  throw new GatewayError("unsupported_feature", `"${param}" can be served by Gemini alone.`, {
    param,
  });
}

/** SDKs like to say that they want text, which is what everybody answers with. */
function isPlainTextAnswer(name: string, value: Json): boolean {
  if (name !== "responseModalities" || !Array.isArray(value)) return false;
  return value.every((item) => typeof item === "string" && item.toUpperCase() === "TEXT");
}

function readSampling(config: Fields): Sampling {
  const temperature = config.number("temperature");
  const topP = config.number("topP");
  const topK = config.number("topK");
  const seed = config.integer("seed");
  const presencePenalty = config.number("presencePenalty");
  const frequencyPenalty = config.number("frequencyPenalty");
  const choices = config.integer("candidateCount");
  const stop = config.strings("stopSequences");
  const top = config.integer("logprobs");
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(seed !== undefined && { seed }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(choices !== undefined && { choices }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...(config.flag("responseLogprobs") === true && { logprobs: { top: top ?? 0 } }),
  };
}

/** Budget 0 is "do not think", -1 is "as much as you like" (ai.google.dev/gemini-api/docs/thinking). */
function readReasoning(config: Fields, extras: Map<string, Json>): ReasoningWish | undefined {
  const thinking = config.object("thinkingConfig");
  if (thinking === undefined) return undefined;
  for (const [name, value] of thinking.rest(THINKING_FIELDS)) {
    extras.set(`generationConfig.thinkingConfig.${name}`, value);
  }
  const budget = thinking.integer("thinkingBudget");
  const level = thinking.string("thinkingLevel")?.toUpperCase();
  const effort = budget === 0 ? "none" : LEVELS.get(level ?? "");
  const visible = thinking.flag("includeThoughts");
  if (level !== undefined && level !== "THINKING_LEVEL_UNSPECIFIED" && !LEVELS.has(level)) {
    extras.set("generationConfig.thinkingConfig.thinkingLevel", level);
  }
  const wish: ReasoningWish = {
    ...(effort !== undefined && { effort }),
    ...(budget !== undefined && budget > 0 && { budgetTokens: budget }),
    ...(budget !== undefined && budget < 0 && { adaptive: true }),
    ...(visible !== undefined && { visible }),
  };
  return Object.keys(wish).length === 0 ? undefined : wish;
}

function readFormat(config: Fields, extras: Map<string, Json>): ResponseFormat | undefined {
  const mimeType = config.string("responseMimeType")?.toLowerCase();
  if (mimeType === "text/x.enum") {
    // Nobody else answers with a bare value of a list; dropping that would be a silent loss.
    throw new GatewayError(
      "unsupported_feature",
      'Only Gemini itself serves "text/x.enum"; ask for application/json with an enum instead.',
      { param: config.pathOf("responseMimeType") },
    );
  }
  if (mimeType !== undefined && mimeType !== "text/plain" && mimeType !== "application/json") {
    extras.set("generationConfig.responseMimeType", mimeType);
  }
  const jsonSchema = config.value("responseJsonSchema");
  if (jsonSchema !== undefined && !isJsonObject(jsonSchema)) {
    return config.refuse("responseJsonSchema", "a JSON schema");
  }
  const schema = jsonSchema ?? openApiSchema(config);
  if (schema !== undefined) return { kind: "schema", name: "response", schema, strict: true };
  return mimeType === "application/json" ? { kind: "json" } : undefined;
}

function openApiSchema(config: Fields) {
  const schema = config.object("responseSchema");
  return schema === undefined ? undefined : schemaToJsonSchema(schema.json);
}
