// Turns as the contents of a request: two roles, merged, signed where Gemini insists.

import { appendAll } from "#core/append-all.ts";
import type { JsonObject } from "#core/json.ts";
import { asObject, isJsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Part, Turn } from "../neutral.ts";
import { UpstreamParts } from "./parts-for-upstream.ts";
import { SIGNATURE_SENTINEL } from "./signatures.ts";

interface Content {
  readonly role: "user" | "model";
  readonly parts: JsonObject[];
}

/** What of a request holds its conversation. */
export interface WrittenConversation {
  readonly systemInstruction: JsonObject | undefined;
  readonly contents: readonly JsonObject[];
}

/** Writes instructions and turns. */
export function writeConversation(
  request: NeutralRequest,
  context: UpstreamContext,
): WrittenConversation {
  const writer = new UpstreamParts(request, context);
  const instructions = writeParts(request.instructions, writer);
  const contents = writeTurns(request.turns, writer, context);
  for (const content of contents) signFirstCall(content, context);
  return {
    systemInstruction: instructions.length === 0 ? undefined : { parts: instructions },
    contents: contents.length === 0 ? [emptyTurn(request, context)] : contents.map(asJson),
  };
}

/** Gemini wants a turn to answer and takes an empty one; who sent none at all should know. */
function emptyTurn(request: NeutralRequest, context: UpstreamContext): JsonObject {
  if (request.turns.length === 0) context.notice("emulated", "user_message");
  return { role: "user", parts: [{ text: "" }] };
}

function asJson({ role, parts }: Content): JsonObject {
  return { role, parts };
}

function writeTurns(
  turns: readonly Turn[],
  writer: UpstreamParts,
  context: UpstreamContext,
): Content[] {
  const contents: Content[] = [];
  for (const turn of turns) {
    if (turn.role === "system") context.notice("converted", "system_turn");
    if (turn.name !== undefined) context.notice("dropped", "name");
    const role = turn.role === "assistant" ? "model" : "user";
    const parts = writeParts(turn.role === "system" ? turn.parts.map(marked) : turn.parts, writer);
    if (parts.length === 0) continue;
    const last = contents.at(-1);
    // All results of one turn's calls must stand in one content.
    if (last?.role === role) appendAll(last.parts, parts);
    else contents.push({ role, parts });
  }
  return contents;
}

/** An instruction between turns is told by the user, so that it has to say what it is. */
function marked(part: Part): Part {
  if (part.kind !== "text" || part.text === "") return part;
  return { ...part, text: `<system>\n${part.text}\n</system>` };
}

function writeParts(parts: readonly Part[], writer: UpstreamParts): JsonObject[] {
  return parts.map((part) => writer.write(part)).filter(isJsonObject);
}

/**
 * Models with thinking levels refuse a turn whose first call has no signature. Where another model
 * made the call there can be none, and Google documents a stand-in.
 */
function signFirstCall(content: Content, context: UpstreamContext): void {
  if (context.traits.reasoning !== "level" || content.role !== "model") return;
  const calls = content.parts.filter((part) => asObject(part["functionCall"]) !== undefined);
  const [first] = calls;
  if (first === undefined || calls.some((call) => call["thoughtSignature"] !== undefined)) return;
  first["thoughtSignature"] = SIGNATURE_SENTINEL;
  context.notice("emulated", "thought_signature");
}
