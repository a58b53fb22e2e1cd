// A neutral request as a Converse request for an upstream. The model and the wish for a stream stand in
// the path, not here.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRequest, ResponseFormat } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import { restoreExtra } from "./extras.ts";
import { messagesFromTurns } from "./messages-from-turns.ts";
import { writeReasoning } from "./reasoning-from-neutral.ts";
import { RequestPartWriter } from "./request-part.ts";
import { writeSampling } from "./sampling-from-neutral.ts";
import { writeTools } from "./tools-from-neutral.ts";

/** What `requestMetadata` takes (vendor's API reference of Converse, 2026-11). */
const METADATA_TEXT = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const MOST_METADATA = 16;

/**
 * Writes a whole request. What a caller of this dialect asked for is written as it was; what others
 * asked for is adapted to what Bedrock and the model take, and each adaptation gives a notice.
 * @throws GatewayError `unsupported_feature`
 */
export function requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const isOwn = request.origin === BEDROCK_CONVERSE;
  const writer = new RequestPartWriter(request, context);
  const body: JsonObject = {
    ...writeSystem(request, writer),
    messages: messagesFromTurns(request, writer, context),
    ...(isOwn ? writeOwnOptions(request, context) : writeOptions(request, context)),
    ...writeMetadata(request, isOwn, context),
    ...writeServiceTier(request, context),
  };
  writeExtras(request, body, context);
  return body;
}

function writeSystem(request: NeutralRequest, writer: RequestPartWriter): JsonObject {
  const system = request.instructions.flatMap((part, index) => {
    return writer.write(part, { role: "system", path: `instructions[${index}]` });
  });
  return system.length === 0 ? {} : { system };
}

/** Fields of the maker and the format of the answer stand in `extras`, word for word. */
function writeOwnOptions(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { inference } = writeSampling(request, false, context);
  const { toolConfig } = writeTools(request, true, context);
  return { ...inferenceConfig(inference, request.maxOutputTokens), ...withTools(toolConfig) };
}

function writeOptions(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const reasoning = writeReasoning(request, context);
  const sampling = writeSampling(request, reasoning.isThinking, context);
  const { toolConfig, claudeChoice } = writeTools(request, reasoning.budgetTokens === 0, context);
  const fields: JsonObject = {
    ...reasoning.fields,
    ...sampling.fields,
    ...(claudeChoice !== undefined && { tool_choice: claudeChoice }),
  };
  return {
    ...inferenceConfig(sampling.inference, capOf(request, reasoning.budgetTokens, context)),
    ...withTools(toolConfig),
    ...writeFormat(request.responseFormat, context),
    ...(Object.keys(fields).length > 0 && { additionalModelRequestFields: fields }),
  };
}

function inferenceConfig(sampling: JsonObject, maxTokens: number | undefined): JsonObject {
  const config = { ...(maxTokens !== undefined && { maxTokens }), ...sampling };
  return Object.keys(config).length === 0 ? {} : { inferenceConfig: config };
}

function withTools(toolConfig: JsonObject | undefined): JsonObject {
  return toolConfig === undefined ? {} : { toolConfig };
}

/** The cap is optional, but thinking counts into it: what the model does by itself would be too little. */
function capOf(
  request: NeutralRequest,
  budgetTokens: number,
  context: UpstreamContext,
): number | undefined {
  if (request.maxOutputTokens !== undefined || budgetTokens === 0) return request.maxOutputTokens;
  context.notice("defaulted", "max_tokens");
  return budgetTokens + context.traits.defaultOutputTokens;
}

function writeFormat(format: ResponseFormat | undefined, context: UpstreamContext): JsonObject {
  if (format === undefined) return {};
  if (format.kind === "json") {
    throw refusal("JSON without a schema", "Give a JSON schema or ask for another model.");
  }
  if (!takes(context.traits, "json_schema")) {
    throw refusal("an answer after a JSON schema", "Ask for another model.");
  }
  const { name, description, schema } = format;
  const jsonSchema = {
    schema: JSON.stringify(schema),
    name,
    ...(description !== undefined && { description }),
  };
  return { outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema } } } };
}

/** What the caller calls its user and its request goes into the vendor's log of calls. */
function writeMetadata(
  request: NeutralRequest,
  isOwn: boolean,
  context: UpstreamContext,
): JsonObject {
  const given = Object.entries(request.metadata ?? {});
  if (isOwn) return given.length === 0 ? {} : { requestMetadata: Object.fromEntries(given) };
  const taken = given
    .filter(([key, value]) => key !== "" && METADATA_TEXT.test(key) && METADATA_TEXT.test(value))
    .slice(0, MOST_METADATA);
  if (taken.length < given.length) context.notice("dropped", "metadata");
  const user = request.user ?? "";
  const hasRoom = taken.length < MOST_METADATA && !taken.some(([key]) => key === "user_id");
  if (user !== "" && hasRoom && METADATA_TEXT.test(user)) taken.push(["user_id", user]);
  else if (user !== "") context.notice("dropped", "user");
  return taken.length === 0 ? {} : { requestMetadata: Object.fromEntries(taken) };
}

function writeServiceTier(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const tier = request.serviceTier;
  switch (tier) {
    case undefined:
    case "auto":
      return {};
    case "default":
    case "flex":
    case "priority":
      return { serviceTier: { type: tier } };
    default:
      context.notice("dropped", "service_tier");
      return {};
  }
}

function writeExtras(request: NeutralRequest, body: JsonObject, context: UpstreamContext): void {
  const written = new Set<string>();
  if (request.origin === BEDROCK_CONVERSE) {
    for (const [path, value] of request.extras) {
      if (restoreExtra(body, path, value)) written.add(path);
    }
  }
  announceExtras(request.extras, context, written);
}

function refusal(what: string, hint: string): GatewayError {
  return new GatewayError("unsupported_feature", `This model cannot give ${what}. ${hint}`, {
    param: "response_format",
  });
}
