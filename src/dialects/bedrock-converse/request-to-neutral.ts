// A Converse request as a neutral one. The body has been checked by `read.ts`.

import type { CallFacts } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { NeutralRequest, ReasoningWish, ResponseFormat, Sampling } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import type { Extras } from "./extras.ts";
import { keepExtras } from "./extras.ts";
import { type ReadModelFields, readModelFields } from "./model-fields.ts";
import { readTools } from "./tools-to-neutral.ts";
import { readInstructions, turnsFromMessages } from "./turns-from-messages.ts";

const MEMBERS = new Set([
  "messages",
  "system",
  "inferenceConfig",
  "toolConfig",
  "outputConfig",
  "requestMetadata",
  "serviceTier",
]);
const MESSAGE_MEMBERS = new Set(["role", "content"]);
const INFERENCE_MEMBERS = new Set(["maxTokens", "temperature", "topP", "stopSequences"]);
const OUTPUT_MEMBERS = new Set(["textFormat", "effort"]);
const TIERS: ReadonlySet<string> = new Set(["default", "flex", "priority"]);

/** Reads a whole request. Fields of the model's maker stand in `extras` as they came, whole. */
export function requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest {
  const extras: Extras = new Map();
  keepExtras(extras, "", body, MEMBERS);
  keepEmpty(extras, body);
  asArray(body["messages"]).forEach((message, index) => {
    keepExtras(extras, `messages[${index}].`, asObject(message) ?? {}, MESSAGE_MEMBERS);
  });
  const maxOutputTokens = asNumber(asObject(body["inferenceConfig"])?.["maxTokens"]);
  const told = readModelFields(asObject(body["additionalModelRequestFields"]));
  return {
    origin: BEDROCK_CONVERSE,
    model: facts.model,
    stream: facts.stream,
    instructions: readInstructions(body["system"]),
    turns: turnsFromMessages(body["messages"]),
    ...readTools(body, extras),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    sampling: readSampling(body, told, extras),
    ...readReasoning(body, told),
    ...readFormat(body, extras),
    ...readMetadata(body),
    ...readServiceTier(body, extras),
    extras,
  };
}

/** SDKs send sections with nothing in them; a caller of this dialect gets them back. */
function keepEmpty(extras: Extras, body: JsonObject): void {
  for (const key of ["system", "inferenceConfig", "requestMetadata"]) {
    const section = body[key];
    const isEmpty = Array.isArray(section)
      ? section.length === 0
      : Object.keys(asObject(section) ?? { some: 1 }).length === 0;
    if (section !== undefined && isEmpty) extras.set(key, section);
  }
}

function readSampling(body: JsonObject, told: ReadModelFields, extras: Extras): Sampling {
  const config = asObject(body["inferenceConfig"]) ?? {};
  keepExtras(extras, "inferenceConfig.", config, INFERENCE_MEMBERS);
  const temperature = asNumber(config["temperature"]);
  const topP = asNumber(config["topP"]);
  const stop = asArray(config["stopSequences"]).filter((entry) => typeof entry === "string");
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(told.topK !== undefined && { topK: told.topK }),
    ...(stop.length > 0 && { stop }),
  };
}

const EFFORTS: ReadonlySet<string> = new Set(["low", "medium", "high", "xhigh", "max"]);

/** Converse has a field for effort of its own beside those of the makers. */
function readReasoning(body: JsonObject, told: ReadModelFields): { reasoning?: ReasoningWish } {
  const effort = asString(asObject(body["outputConfig"])?.["effort"]);
  const named = EFFORTS.has(effort ?? "") ? { effort: effort as "low" } : {};
  const reasoning = { ...told.reasoning, ...named };
  return Object.keys(reasoning).length === 0 ? {} : { reasoning };
}

function readFormat(body: JsonObject, extras: Extras): { responseFormat?: ResponseFormat } {
  const output = asObject(body["outputConfig"]) ?? {};
  keepExtras(extras, "outputConfig.", output, OUTPUT_MEMBERS);
  if (output["effort"] != null) extras.set("outputConfig.effort", output["effort"]);
  const format = asObject(output["textFormat"]);
  if (format === undefined) return {};
  // The schema is a text in here, and a caller of this dialect gets it back to the letter.
  extras.set("outputConfig.textFormat", format);
  const definition = asObject(asObject(format["structure"])?.["jsonSchema"]) ?? {};
  const schema = parseSchema(asString(definition["schema"]));
  if (format["type"] !== "json_schema" || schema === undefined) return {};
  const description = asString(definition["description"]);
  return {
    responseFormat: {
      kind: "schema",
      name: asString(definition["name"]) ?? "response",
      schema,
      ...(description !== undefined && { description }),
      strict: true,
    },
  };
}

function parseSchema(text: string | undefined): JsonObject | undefined {
  try {
    return asObject(parseInner(text ?? ""));
  } catch {
    return undefined;
  }
}

function readMetadata(body: JsonObject): { metadata?: Readonly<Record<string, string>> } {
  const given = Object.entries(asObject(body["requestMetadata"]) ?? {});
  const texts = given.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts.length === 0 ? {} : { metadata: Object.fromEntries(texts) };
}

function readServiceTier(body: JsonObject, extras: Extras): { serviceTier?: string } {
  const tier = asObject(body["serviceTier"]);
  if (tier === undefined) return {};
  const type = asString(tier["type"]);
  if (type !== undefined && TIERS.has(type) && Object.keys(tier).length === 1) {
    return { serviceTier: type };
  }
  extras.set("serviceTier", tier);
  return {};
}
