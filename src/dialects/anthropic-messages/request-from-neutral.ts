// A neutral request as a Messages request for an upstream.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRequest, ResponseFormat } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { restoreExtra } from "./extras.ts";
import { messagesFromTurns } from "./messages-from-turns.ts";
import { writeReasoning } from "./reasoning-from-neutral.ts";
import { isEmptyText, RequestPartWriter } from "./request-part.ts";
import { writeSampling } from "./sampling-from-neutral.ts";
import { writeToolChoice, writeTools } from "./tools-from-neutral.ts";

/** Longest `metadata.user_id` that the vendor takes (vendor's documentation, 2026-11). */
const LONGEST_USER = 256;

/**
 * Writes a whole request. What a caller of this dialect asked for is written as it was; what others
 * asked for is adapted to what Anthropic and the model take, and each adaptation gives a notice.
 * @throws GatewayError `unsupported_feature`
 */
export function requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const maxTokens = request.maxOutputTokens ?? context.traits.defaultOutputTokens;
  if (request.maxOutputTokens === undefined) context.notice("defaulted", "max_tokens");
  const { thinking, effort } = writeReasoning(request, maxTokens, context);
  const thinkingType = thinking?.["type"];
  const isThinking = thinkingType === "enabled" || thinkingType === "adaptive";
  const tools = writeTools(request, context);
  const format = writeFormat(request.responseFormat, context);
  const outputConfig = { ...(effort !== undefined && { effort }), ...format };
  const body: JsonObject = {
    model: context.model,
    max_tokens: maxTokens,
    ...writeSystem(request, context),
    messages: messagesFromTurns(request, context),
    ...(tools.length > 0 && { tools }),
    ...writeToolChoice(request, thinkingType !== "enabled", context),
    ...(thinking !== undefined && { thinking: { ...thinking } }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    ...writeSampling(request, isThinking, context),
    ...writeUser(request, context),
    ...writeServiceTier(request, context),
    stream: request.stream,
  };
  writeExtras(request, body, context);
  return body;
}

/** `system`: a string for one plain text, else blocks in their order. */
function writeSystem(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const writer = new RequestPartWriter(request, context);
  const isOwn = request.origin === ANTHROPIC_MESSAGES;
  const blocks = request.instructions
    .map((part, index) => writer.write(part, { role: "system", path: `instructions[${index}]` }))
    .filter((block) => block !== undefined)
    .filter((block) => isOwn || !isEmptyText(block));
  const [first, ...more] = blocks;
  if (first === undefined) return {};
  const isPlain = more.length === 0 && Object.keys(first).length === 2;
  return { system: isPlain && typeof first["text"] === "string" ? first["text"] : blocks };
}

function writeFormat(format: ResponseFormat | undefined, context: UpstreamContext): JsonObject {
  if (format === undefined) return {};
  if (format.kind === "json") {
    throw refusal("JSON without a schema", "Give a JSON schema or ask for another model.");
  }
  if (!takes(context.traits, "json_schema")) {
    throw refusal("an answer after a JSON schema", "Ask for another model.");
  }
  if (format.description !== undefined) context.notice("dropped", "response_format.description");
  return { format: { type: "json_schema", schema: format.schema } };
}

function writeUser(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const isOwn = request.origin === ANTHROPIC_MESSAGES;
  if (request.metadata !== undefined) context.notice("dropped", "metadata");
  const user = request.user;
  if (user === undefined) return {};
  if (user.length > LONGEST_USER && !isOwn) {
    context.notice("dropped", "user");
    return {};
  }
  return { metadata: { user_id: user } };
}

/** Priority is what `auto` takes when the account has it; cheaper tiers have no counterpart. */
function writeServiceTier(request: NeutralRequest, context: UpstreamContext): JsonObject {
  switch (request.serviceTier) {
    case undefined:
      return {};
    case "auto":
      return { service_tier: "auto" };
    case "default":
      return { service_tier: "standard_only" };
    case "priority":
      context.notice("converted", "service_tier");
      return { service_tier: "auto" };
    default:
      context.notice("dropped", "service_tier");
      return {};
  }
}

function writeExtras(request: NeutralRequest, body: JsonObject, context: UpstreamContext): void {
  const written = new Set<string>();
  if (request.origin === ANTHROPIC_MESSAGES) {
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
