// Turns as the `messages` of a request, in the order and grouping that Anthropic demands.

import { appendAll } from "#core/append-all.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Turn } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { isEmptyText, RequestPartWriter } from "./request-part.ts";

interface Message {
  readonly role: Turn["role"];
  readonly content: JsonObject[];
}

/** What the model is told when a conversation does not begin with the user. */
const OPENING = "Begin.";

/**
 * Writes the messages. A caller of this dialect gets its own grouping back. For others: instructions
 * between turns become part of the user's turn, adjacent turns of one role become one, results stand
 * first in theirs, empty text is left out, and the user speaks first.
 */
export function messagesFromTurns(request: NeutralRequest, context: UpstreamContext): JsonObject[] {
  const writer = new RequestPartWriter(request, context);
  const messages = request.turns.map((turn, index) => writeTurn(turn, index, writer));
  if (request.origin === ANTHROPIC_MESSAGES) return messages.map(plain);
  if (request.turns.some((turn) => turn.name !== undefined)) context.notice("dropped", "name");
  return arrange(messages, context).map(plain);
}

function writeTurn(turn: Turn, index: number, writer: RequestPartWriter): Message {
  const { role } = turn;
  const content = turn.parts
    .map((part, position) => {
      return writer.write(part, { role, path: `turns[${index}].parts[${position}]` });
    })
    .filter((block) => block !== undefined);
  return { role, content };
}

function plain(message: Message): JsonObject {
  return { role: message.role, content: message.content };
}

function arrange(messages: readonly Message[], context: UpstreamContext): Message[] {
  const arranged: Message[] = [];
  for (const message of messages.map((one) => withoutSystem(one, context))) {
    const content = message.content.filter((block) => !isEmptyText(block));
    if (content.length === 0) continue;
    const last = arranged.at(-1);
    if (last?.role === message.role) appendAll(last.content, content);
    else arranged.push({ role: message.role, content });
  }
  if (arranged[0]?.role !== "user") {
    context.notice("emulated", "user_turn");
    arranged.unshift({ role: "user", content: [{ type: "text", text: OPENING }] });
  }
  trimPrefill(arranged, context);
  return arranged.map(resultsFirst);
}

/** Only the newest models take instructions between turns, so they are marked and told by the user. */
function withoutSystem(message: Message, context: UpstreamContext): Message {
  if (message.role !== "system") return message;
  context.notice("converted", "system_turn");
  const content = message.content.map((block) => {
    if (block["type"] !== "text" || isEmptyText(block)) return block;
    return { ...block, text: `<system>\n${block["text"]}\n</system>` };
  });
  return { role: "user", content };
}

function resultsFirst(message: Message): Message {
  const isResult = (block: JsonObject) => block["type"] === "tool_result";
  const rest = message.content.filter((block) => !isResult(block));
  return { role: message.role, content: [...message.content.filter(isResult), ...rest] };
}

/** An answer that the model is to go on with may not end in white space. */
function trimPrefill(messages: readonly Message[], context: UpstreamContext): void {
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (last?.role !== "assistant" || typeof block?.["text"] !== "string") return;
  const text = block["text"].trimEnd();
  if (text === block["text"]) return;
  context.notice("converted", "trailing_white_space");
  last.content[last.content.length - 1] = { ...block, text };
}
