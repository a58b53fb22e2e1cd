// A Messages request as a neutral one. The body has been checked by `read.ts`.

import type { CallFacts } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import type { NeutralRequest, ResponseFormat, Sampling } from "../neutral.ts";
import { contentBlocks, readInstruction } from "./blocks-to-parts.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import type { Extras } from "./extras.ts";
import { keepExtras } from "./extras.ts";
import { readReasoning } from "./reasoning-to-neutral.ts";
import { readToolChoice, readTools } from "./tools-to-neutral.ts";
import { turnsFromMessages } from "./turns-from-messages.ts";

const MEMBERS = new Set([
  "model",
  "max_tokens",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "stream",
  "stop_sequences",
  "temperature",
  "top_p",
  "top_k",
  "thinking",
  "output_config",
  "output_format",
  "metadata",
  "service_tier",
]);
const MESSAGE_MEMBERS = new Set(["role", "content"]);
const METADATA_MEMBERS = new Set(["user_id"]);
const OUTPUT_MEMBERS = new Set(["effort", "format"]);

/** Reads a whole request. Opaque values that cannot be read stand in `extras` by their path. */
export function requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest {
  const extras: Extras = new Map();
  keepExtras(extras, "", body, MEMBERS);
  keepExtras(extras, "output_config.", asObject(body["output_config"]) ?? {}, OUTPUT_MEMBERS);
  asArray(body["messages"]).forEach((message, index) => {
    keepExtras(extras, `messages[${index}].`, asObject(message) ?? {}, MESSAGE_MEMBERS);
  });
  const turns = turnsFromMessages(body, (path) => extras.set(path, true));
  const maxOutputTokens = asNumber(body["max_tokens"]);
  return {
    origin: ANTHROPIC_MESSAGES,
    model: facts.model,
    stream: facts.stream,
    instructions: contentBlocks(body["system"]).map(readInstruction),
    turns,
    ...readTools(body, extras),
    ...readToolChoice(body, extras),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    sampling: readSampling(body),
    ...readReasoning(body, extras),
    ...readFormat(body, extras),
    ...readMetadata(body, extras),
    ...readServiceTier(body, extras),
    extras,
  };
}

function readSampling(body: JsonObject): Sampling {
  const temperature = asNumber(body["temperature"]);
  const topP = asNumber(body["top_p"]);
  const topK = asNumber(body["top_k"]);
  const stop = asArray(body["stop_sequences"]).filter((entry) => typeof entry === "string");
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(stop.length > 0 && { stop }),
  };
}

/** `output_config.format`, or the older `output_format` at the top. */
function readFormat(body: JsonObject, extras: Extras): { responseFormat?: ResponseFormat } {
  const isOlder = asObject(body["output_config"])?.["format"] == null;
  const format = asObject(
    isOlder ? body["output_format"] : asObject(body["output_config"])?.["format"],
  );
  if (format === undefined) return {};
  const schema = asObject(format["schema"]);
  if (format["type"] !== "json_schema" || schema === undefined) {
    extras.set(isOlder ? "output_format" : "output_config.format", format);
    return {};
  }
  return { responseFormat: { kind: "schema", name: "response", schema, strict: true } };
}

function readMetadata(body: JsonObject, extras: Extras): { user?: string } {
  const metadata = asObject(body["metadata"]) ?? {};
  keepExtras(extras, "metadata.", metadata, METADATA_MEMBERS);
  const user = asString(metadata["user_id"]);
  return user === undefined ? {} : { user };
}

function readServiceTier(body: JsonObject, extras: Extras): { serviceTier?: string } {
  const tier = body["service_tier"];
  if (tier === "auto") return { serviceTier: "auto" };
  if (tier === "standard_only") return { serviceTier: "default" };
  if (tier !== undefined && tier !== null) extras.set("service_tier", tier);
  return {};
}
