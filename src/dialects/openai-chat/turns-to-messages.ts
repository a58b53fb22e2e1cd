// Instructions and turns as the messages of a request. Two rules of the vendors shape the order: the
// results of a turn's calls follow it without anything in between, and a result holds text only, so that
// its pictures go into one message of the user after all results, unless the model takes them in place.

import { appendAll } from "#core/append-all.ts";
import { takes } from "#core/features.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Part, ToolResultPart, Turn } from "../neutral.ts";
import { assistantMessage } from "./assistant-history.ts";
import type { MediaPart } from "./parts-to-content.ts";
import { partsToContent, titled } from "./parts-to-content.ts";
import { takesInMessages } from "./quirks.ts";
import { unsupported } from "./tools.ts";

/**
 * Writes the messages.
 * @throws GatewayError `unsupported_feature` for what messages cannot hold
 */
export function turnsToMessages(request: NeutralRequest, context: UpstreamContext): Json[] {
  const { continues } = context.traits.chat ?? {};
  const isContinued = request.turns.at(-1)?.role === "assistant";
  // Other dialects go on with a last turn of the assistant; OpenAI's models begin a new answer.
  if (isContinued && continues === undefined) {
    throw unsupported("The beginning of an answer that is to be continued");
  }
  const writer = new MessageWriter(context);
  writer.instructions(request.instructions);
  for (const turn of request.turns) writer.turn(turn);
  const messages = writer.finish();
  const last = asObject(messages.at(-1));
  if (isContinued && last !== undefined) Object.assign(last, continues?.message);
  return messages;
}

class MessageWriter {
  readonly #context: UpstreamContext;
  readonly #messages: Json[] = [];
  /** Parts of results that wait for the next message of the user. */
  #moved: Part[] = [];

  constructor(context: UpstreamContext) {
    this.#context = context;
  }

  instructions(parts: NeutralRequest["instructions"]): void {
    if (parts.length === 0) return;
    this.#messages.push({ role: "system", content: partsToContent(parts, this.#context) });
  }

  turn(turn: Turn): void {
    const results = turn.parts.filter((part) => part.kind === "tool-result");
    for (const result of results) this.#result(result);
    const rest = turn.parts.filter((part) => part.kind !== "tool-result");
    if (results.length > 0 && rest.length === 0) return;
    if (turn.role === "user") {
      const parts = [...this.#moved, ...rest];
      this.#moved = [];
      this.#answerResults();
      this.#push("user", turn, { content: partsToContent(parts, this.#context) });
      return;
    }
    this.#flushMoved();
    if (turn.role === "system") {
      this.#push("system", turn, { content: partsToContent(rest, this.#context) });
    } else {
      this.#push("assistant", turn, assistantMessage(rest, this.#context));
    }
  }

  finish(): Json[] {
    this.#flushMoved();
    return this.#messages;
  }

  #push(role: string, turn: Turn, message: JsonObject): void {
    const isNamed = turn.name !== undefined && takesInMessages("name", this.#context);
    if (turn.name !== undefined && !isNamed) this.#context.notice("dropped", "messages.name");
    const name = isNamed ? { name: turn.name } : {};
    this.#messages.push({ role, ...name, ...message });
  }

  #flushMoved(): void {
    if (this.#moved.length === 0) return;
    const content = partsToContent(this.#moved, this.#context);
    this.#moved = [];
    this.#answerResults();
    this.#messages.push({ role: "user", content });
  }

  /** Some vendors take nothing of the user's before the assistant has said something about results. */
  #answerResults(): void {
    const words = this.#context.traits.chat?.wordsAfterResults;
    if (words === undefined || asObject(this.#messages.at(-1))?.["role"] !== "tool") return;
    this.#context.notice("emulated", "assistant_turn");
    this.#messages.push({ role: "assistant", content: words });
  }

  #result(result: ToolResultPart): void {
    if (result.cache !== undefined) this.#context.notice("dropped", "cache_control");
    const parts = withStructured(this.#marked(result), result).map((part) => this.#readable(part));
    const media = parts.filter((part): part is MediaPart => part.kind !== "text");
    const hasPlace = media.length === 0 || takes(this.#context.traits, "images_in_tool_results");
    const kept = hasPlace ? parts : parts.filter((part) => part.kind === "text");
    if (!hasPlace) this.#move(result, media);
    const content =
      kept.length === 0 && !hasPlace
        ? "The content follows in the next message of the user."
        : partsToContent(kept, this.#context);
    this.#messages.push({ role: "tool", tool_call_id: result.callId, content });
  }

  /** A document of plain text is text, which a result may hold. */
  #readable(part: ToolResultPart["content"][number]): ToolResultPart["content"][number] {
    if (part.kind !== "file" || part.source.from !== "text") return part;
    this.#context.notice("converted", "document");
    return { kind: "text", text: titled(part.name, part.source.text) };
  }

  #move(result: ToolResultPart, media: readonly MediaPart[]): void {
    this.#context.notice("converted", "tool_result.content");
    this.#moved.push({ kind: "text", text: `Content of the result of call ${result.callId}:` });
    appendAll(this.#moved, media);
  }

  /** Chat has no flag for a failed call, so the text has to say it. */
  #marked(result: ToolResultPart): ToolResultPart["content"] {
    if (!result.isError) return result.content;
    this.#context.notice("converted", "tool_result.is_error");
    const [first, ...rest] = result.content;
    if (first?.kind === "text") return [{ ...first, text: `Error: ${first.text}` }, ...rest];
    return [{ kind: "text", text: "Error: the call failed." }, ...result.content];
  }
}

function withStructured(
  content: ToolResultPart["content"],
  result: ToolResultPart,
): ToolResultPart["content"] {
  if (result.structured === undefined || content.some((part) => part.kind === "text")) {
    return content;
  }
  return [{ kind: "text", text: JSON.stringify(result.structured) }, ...content];
}
