// Claude on Bedrock in Anthropic's own words, through `invoke`: the body is the one of the Messages API but
// for a few members, and each event of a stream lies in base64 inside of Amazon's framing.

import { Buffer } from "node:buffer";
import { vendorTypes } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import { isFaultName, readFaultFrame } from "#dialects/bedrock-converse/fault.ts";
import type { BodyEdits } from "#dialects/dialect.ts";
import type { SseEvent } from "#wire/sse.ts";
import { betasOf, withoutBetas } from "./bedrock-betas.ts";
import { scopeEdits } from "./cache-scope.ts";
import type { Endpoint, OutletCall } from "./provider.ts";
import { claudeName } from "./traits/bedrock.ts";

/** What the body says in place of the header (docs.aws.amazon.com/bedrock, Anthropic Claude, 2026-11). */
const ANTHROPIC_VERSION = "bedrock-2023-05-31";

/** A tool's own field for it is refused here; the beta does the same for all tools. */
const STREAMED_INPUT_BETA = "fine-grained-tool-streaming-2025-05-14";

/** The outlet of Anthropic's dialect. */
export const CLAUDE_ON_BEDROCK: Endpoint = Object.freeze({
  serves: (model) => claudeName(model) !== undefined,
  isForOwnCallers: true,
  path: (model, stream) => `/model/${model}/${stream ? "invoke-with-response-stream" : "invoke"}`,
  bodyEdits,
  headers: withoutBetas,
  streamFraming: "aws-event-stream",
  unwrap,
  faultsIn: "bedrock-converse",
} as const satisfies Endpoint);

/** Model and stream stand in the path, version and betas in the body. */
function bodyEdits(body: JsonObject, call: OutletCall): BodyEdits {
  const edits = new Map<string, Json | undefined>([
    ["model", undefined],
    ["stream", undefined],
    ["anthropic_version", ANTHROPIC_VERSION],
  ]);
  const betas = betasOf(body, call);
  const tools = asArray(body["tools"]);
  if (tools.some(hasStreamedInput)) {
    edits.set("tools", tools.map(withoutStreamedInput));
    if (tools.some((tool) => asObject(tool)?.["eager_input_streaming"] === true)) {
      betas.add(STREAMED_INPUT_BETA);
    }
  }
  const messages = asArray(body["messages"]);
  if (messages.some((message) => asObject(message)?.["role"] === "system")) {
    call.notice("converted", "system_turn");
    edits.set("messages", messages.map(withoutSystem));
  }
  const told = { ...body, ...Object.fromEntries(edits) };
  for (const [member, value] of scopeEdits(told)) edits.set(member, value);
  if (betas.size > 0) edits.set("anthropic_beta", [...betas]);
  else if (body["anthropic_beta"] !== undefined) edits.set("anthropic_beta", undefined);
  if (body["service_tier"] !== undefined) {
    // Bedrock's tiers are others, and this API takes them in a header alone.
    edits.set("service_tier", undefined);
    if (body["service_tier"] !== "standard_only") call.notice("dropped", "service_tier");
  }
  return edits;
}

/** Only the newest models take instructions between turns, so they are marked and told by the user. */
function withoutSystem(message: Json): Json {
  const told = asObject(message);
  if (told?.["role"] !== "system") return message;
  const { content } = told;
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : asArray(content);
  return { ...told, role: "user", content: blocks.map(marked) };
}

function marked(block: Json): Json {
  const { text, ...rest } = asObject(block) ?? {};
  return typeof text === "string" ? { ...rest, text: `<system>\n${text}\n</system>` } : block;
}

function hasStreamedInput(tool: Json): boolean {
  return asObject(tool)?.["eager_input_streaming"] !== undefined;
}

function withoutStreamedInput(tool: Json): Json {
  const { eager_input_streaming: _eager, ...rest } = asObject(tool) ?? {};
  return hasStreamedInput(tool) ? rest : tool;
}

const TYPE_FIRST = /^\{"type":"([a-z_]+)"/;

/** Anthropic's event out of Amazon's frame, and Amazon's exceptions as Anthropic's error events. */
function unwrap(frame: SseEvent): SseEvent {
  const wrapped = parse(frame.data);
  if (isFaultName(frame.name)) {
    const { status, message } = readFaultFrame(frame.name, wrapped ?? {});
    const error = { type: vendorTypes(status || 500).anthropicType, message };
    return { name: "error", data: JSON.stringify({ type: "error", error }), raw: frame.raw };
  }
  const bytes = asString(wrapped?.["bytes"]);
  if (bytes === undefined) return frame;
  const data = Buffer.from(bytes, "base64").toString();
  const name = TYPE_FIRST.exec(data)?.[1] ?? asString(parse(data)?.["type"]) ?? "";
  return { name, data, raw: frame.raw };
}

function parse(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
