// An assistant's turn of the history as a message for an upstream: state goes only to where it came
// from, and reasoning in words only to models that want it back.

import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { Part, ProviderState, ReasoningPart } from "../neutral.ts";
import { AUDIO, CUSTOM_CALL } from "./assistant-message.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { writeExtraContent } from "./extra-content.ts";
import { writeText } from "./parts-to-content.ts";
import { writeDetail } from "./reasoning-details.ts";

/** Writes everything of the message but its role and name. */
export function assistantMessage(parts: readonly Part[], context: UpstreamContext): JsonObject {
  const texts = parts.filter((part) => part.kind === "text");
  const calls: Json[] = [];
  const message: JsonObject = {
    ...writeWords(parts, context),
    ...writeExtraContent(texts.flatMap((part) => ownStates(part, context))),
  };
  for (const part of parts) {
    if (part.cache !== undefined && part.kind !== "text")
      context.notice("dropped", "cache_control");
    if (part.kind === "tool-call") calls.push(writeCall(part, context));
    else if (part.kind === "vendor") addVendorPart(part, message, calls, context);
    else if (!PLACED.has(part.kind)) context.notice("dropped", `assistant.${part.kind}`);
  }
  if (calls.length > 0) message["tool_calls"] = calls;
  addPlaceholder(message, context);
  return message;
}

const PLACED: ReadonlySet<Part["kind"]> = new Set(["text", "refusal", "reasoning"]);

/** What was said and thought: `content`, `refusal` and the members of reasoning. */
function writeWords(parts: readonly Part[], context: UpstreamContext): JsonObject {
  const refusals = parts.filter((part) => part.kind === "refusal").map((part) => part.text);
  const reasoning = parts.filter((part) => part.kind === "reasoning");
  const texts = parts.filter((part) => part.kind === "text");
  const { chat } = context.traits;
  const contents = texts.map((part) => writeText(part, context));
  if (refusals.length > 0 && chat !== undefined) {
    // OpenAI alone has a member for it.
    context.notice("converted", "refusal");
    contents.push({ type: "text", text: refusals.join("") });
  }
  const isSaidApart = refusals.length > 0 && chat === undefined;
  const thoughts = chat?.hasThinkingParts ? thinkingParts(reasoning, context) : [];
  return {
    content: contentOf([...thoughts, ...contents]),
    ...(isSaidApart && { refusal: refusals.join("") }),
    ...(!chat?.hasThinkingParts && writeReasoning(reasoning, context)),
  };
}

function contentOf(contents: readonly JsonObject[]): Json {
  const [first] = contents;
  if (first === undefined) return null;
  const isPlain = contents.length === 1 && Object.keys(first).length === 2;
  return isPlain && first["type"] === "text" ? (first["text"] ?? null) : [...contents];
}

/** Mistral's form: chunks of the content, each with a list of texts and perhaps its signature. */
function thinkingParts(parts: readonly ReasoningPart[], context: UpstreamContext): JsonObject[] {
  return parts.flatMap((part) => {
    const signature = ownStates(part, context).find((state) => state.kind === "signature");
    if (part.text === "" && signature === undefined) return [];
    const thinking = part.text === "" ? [] : [{ type: "text", text: part.text }];
    return [{ type: "thinking", thinking, ...(signature && { signature: signature.value }) }];
  });
}

/** Some vendors refuse a turn with calls and without thoughts, which another model may have written. */
function addPlaceholder(message: JsonObject, context: UpstreamContext): void {
  const { chat, reasoningField } = context.traits;
  if (chat?.reasoningPlaceholder === undefined || reasoningField === undefined) return;
  if (message["tool_calls"] === undefined || message[reasoningField] !== undefined) return;
  context.notice("emulated", reasoningField);
  message[reasoningField] = chat.reasoningPlaceholder;
}

function writeCall(
  part: Extract<Part, { kind: "tool-call" }>,
  context: UpstreamContext,
): JsonObject {
  return {
    id: part.id,
    type: "function",
    function: { name: part.name, arguments: part.argumentsJson },
    ...writeExtraContent(ownStates(part, context)),
  };
}

function addVendorPart(
  part: Extract<Part, { kind: "vendor" }>,
  message: JsonObject,
  calls: Json[],
  context: UpstreamContext,
): void {
  if (part.origin !== OPENAI_CHAT) context.notice("dropped", part.name);
  else if (part.name === CUSTOM_CALL) calls.push(part.value);
  else if (part.name === AUDIO) message[AUDIO] = part.value;
  else context.notice("dropped", part.name);
}

/** The text under the name that the model reads it by, and details where there is state to return. */
function writeReasoning(parts: readonly ReasoningPart[], context: UpstreamContext): JsonObject {
  if (parts.length === 0) return {};
  const isUnknown = context.traits.chat?.isUnknownServer === true;
  const own = isUnknown ? parts.filter((part) => !isSignedElsewhere(part, context)) : parts;
  const field = own.length === 0 ? undefined : context.traits.reasoningField;
  const text = own.map((part) => part.text).join("");
  const details: Json[] = [];
  for (const part of parts) {
    const states = ownStates(part, context);
    if (states.length > 0)
      details.push(writeDetail(part.text, part.redacted, states, details.length));
  }
  if ((text !== "" && field === undefined && details.length === 0) || own.length < parts.length) {
    context.notice("dropped", "reasoning");
  }
  return {
    ...(isUnknown && text !== "" && { reasoning: text }),
    ...(field !== undefined && text !== "" && { [field]: text }),
    ...(details.length > 0 && { reasoning_details: details }),
  };
}

function isSignedElsewhere(part: Part, context: UpstreamContext): boolean {
  return (part.providerState ?? []).some((state) => !mayGoBack(state, context));
}

function mayGoBack({ origin }: ProviderState, { stateOrigins, traits }: UpstreamContext): boolean {
  return stateOrigins.has(origin) || traits.chat?.relaysStateOf?.includes(origin) === true;
}

/** The state that comes from where the request goes to; the rest is announced. */
function ownStates(part: Part, context: UpstreamContext): readonly ProviderState[] {
  const states = part.providerState ?? [];
  const own = states.filter((state) => mayGoBack(state, context));
  if (own.length < states.length) context.notice("dropped", "provider_state");
  return own;
}
