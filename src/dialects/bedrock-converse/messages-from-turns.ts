// Turns as the `messages` of a request, in the order and grouping that Bedrock demands.

import { appendAll } from "#core/append-all.ts";
import { supportOf } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Turn } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import type { RequestPartWriter } from "./request-part.ts";

interface Message {
  readonly role: Turn["role"];
  readonly content: JsonObject[];
}

/** What the model is told when a conversation does not begin with the user. */
const OPENING = "Begin.";
/** What stands beside a document that nothing is said about: Bedrock demands a text with it. */
const BESIDE_DOCUMENT = ".";

/**
 * Writes the messages. A caller of this dialect gets its own grouping back. For others: instructions
 * between turns become part of the user's turn, adjacent turns of one role become one, results stand
 * first in theirs, blank text is left out, and the user speaks first.
 */
export function messagesFromTurns(
  request: NeutralRequest,
  writer: RequestPartWriter,
  context: UpstreamContext,
): JsonObject[] {
  const messages = request.turns.map((turn, index) => writeTurn(turn, index, writer));
  if (request.origin === BEDROCK_CONVERSE) return messages.map(plain);
  if (request.turns.some((turn) => turn.name !== undefined)) context.notice("dropped", "name");
  return arrange(messages, context).map(plain);
}

function writeTurn(turn: Turn, index: number, writer: RequestPartWriter): Message {
  const { role } = turn;
  const content = turn.parts.flatMap((part, position) => {
    return writer.write(part, { role, path: `turns[${index}].parts[${position}]` });
  });
  return { role, content };
}

function plain(message: Message): JsonObject {
  return { role: message.role, content: message.content };
}

function arrange(messages: readonly Message[], context: UpstreamContext): Message[] {
  const takesSystem = supportOf(context.traits, "system_between_turns") === "native";
  const arranged: Message[] = [];
  for (const given of messages) {
    if (given.content.every(isCachePoint)) continue;
    const message = takesSystem ? given : withoutSystem(given, context);
    const last = arranged.at(-1);
    if (last?.role === message.role) appendAll(last.content, message.content);
    else arranged.push({ role: message.role, content: [...message.content] });
  }
  if (arranged[0]?.role !== "user") {
    context.notice("emulated", "user_turn");
    arranged.unshift({ role: "user", content: [{ text: OPENING }] });
  }
  trimPrefill(arranged, context);
  const mayMix = !SEPARATING.has(context.traits.family ?? "");
  return arranged
    .map(resultsFirst)
    .flatMap((message) => (mayMix ? [message] : withResultsApart(message, context)))
    .map((message) => besideDocuments(message, context));
}

/**
 * Families that answer 400 to results of tools beside anything else ("Conversation blocks and tool result
 * blocks cannot be provided in the same turn"), and take a turn of the model between them (seen 2026).
 */
const SEPARATING: ReadonlySet<string> = new Set(["llama", "mixtral"]);
/** What the model is taken to have said between them. */
const BETWEEN = ".";

function withResultsApart(message: Message, context: UpstreamContext): Message[] {
  const isRest = (block: JsonObject) => block["toolResult"] === undefined;
  const start = message.content.findIndex((block) => isRest(block) && !isCachePoint(block));
  if (start < 1) return [message];
  context.notice("emulated", "assistant_turn");
  return [
    { role: message.role, content: message.content.slice(0, start) },
    { role: "assistant", content: [{ text: BETWEEN }] },
    { role: message.role, content: message.content.slice(start) },
  ];
}

function isCachePoint(block: JsonObject): boolean {
  return block["cachePoint"] !== undefined;
}

/** Instructions between turns are marked and told by the user. */
function withoutSystem(message: Message, context: UpstreamContext): Message {
  if (message.role !== "system") return message;
  context.notice("converted", "system_turn");
  const content = message.content.map((block) => {
    const { text } = block;
    return typeof text === "string" ? { text: `<system>\n${text}\n</system>` } : block;
  });
  return { role: "user", content };
}

/** Results and the cache points behind them stand before all other content. */
function resultsFirst(message: Message): Message {
  const results: JsonObject[] = [];
  const others: JsonObject[] = [];
  let current = others;
  for (const block of message.content) {
    if (!isCachePoint(block)) {
      current = block["toolResult"] === undefined ? others : results;
    }
    current.push(block);
  }
  return { role: message.role, content: [...results, ...others] };
}

function besideDocuments(message: Message, context: UpstreamContext): Message {
  const has = (kind: string) => message.content.some((block) => block[kind] !== undefined);
  if (!has("document") || has("text")) return message;
  context.notice("emulated", "text_beside_document");
  return { role: message.role, content: [...message.content, { text: BESIDE_DOCUMENT }] };
}

/** An answer that the model is to go on with may not end in white space. */
function trimPrefill(messages: readonly Message[], context: UpstreamContext): void {
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (last?.role !== "assistant" || typeof block?.["text"] !== "string") return;
  const text = block["text"].trimEnd();
  if (text === block["text"]) return;
  context.notice("converted", "trailing_white_space");
  last.content[last.content.length - 1] = { text };
}
