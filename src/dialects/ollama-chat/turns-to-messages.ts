// Instructions and turns as the messages of a request: one text a message, pictures beside it.

import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { FilePart, NeutralRequest, Part, ToolResultPart, Turn } from "../neutral.ts";
import { writeImage } from "./images.ts";
import { writeMessage } from "./reply-from-neutral.ts";
import { unsupported } from "./unsupported.ts";

/** Between texts that become one. */
const BREAK = "\n\n";

/**
 * Writes the messages.
 * @throws GatewayError `unsupported_feature` for what messages cannot hold
 */
export function turnsToMessages(request: NeutralRequest, context: UpstreamContext): Json[] {
  const writer = new MessageWriter(context);
  if (request.instructions.length > 0) writer.message("system", request.instructions);
  for (const turn of request.turns) writer.turn(turn);
  return writer.finish();
}

class MessageWriter {
  readonly #context: UpstreamContext;
  readonly #messages: Json[] = [];
  /** Pictures of results, which wait for the next message of the user. */
  #moved: Part[] = [];

  constructor(context: UpstreamContext) {
    this.#context = context;
  }

  turn(turn: Turn): void {
    if (turn.name !== undefined) this.#context.notice("dropped", "messages.name");
    const results = turn.parts.filter((part) => part.kind === "tool-result");
    for (const result of results) this.#result(result);
    const rest = turn.parts.filter((part) => part.kind !== "tool-result");
    if (results.length > 0 && rest.length === 0) return;
    if (turn.role === "user") {
      const parts = [...this.#moved, ...rest];
      this.#moved = [];
      this.message("user", parts);
      return;
    }
    this.#flushMoved();
    if (turn.role === "system") this.message("system", rest);
    else this.#assistant(rest);
  }

  finish(): Json[] {
    this.#flushMoved();
    return this.#messages;
  }

  message(role: string, parts: readonly Part[]): void {
    this.#messages.push({ role, ...this.#contentOf(parts) });
  }

  #flushMoved(): void {
    if (this.#moved.length === 0) return;
    const parts = this.#moved;
    this.#moved = [];
    this.message("user", parts);
  }

  #assistant(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.cache !== undefined) this.#context.notice("dropped", "cache_control");
    }
    this.#messages.push({ role: "assistant", ...writeMessage(parts, this.#context) });
  }

  #contentOf(parts: readonly Part[]): JsonObject {
    const texts: string[] = [];
    const images: string[] = [];
    for (const part of parts) {
      if (part.cache !== undefined) this.#context.notice("dropped", "cache_control");
      if (part.providerState !== undefined) this.#context.notice("dropped", "provider_state");
      if (part.kind === "text") texts.push(part.text);
      else if (part.kind === "file") texts.push(this.#document(part));
      else if (part.kind === "image") {
        const image = writeImage(part);
        if (image === undefined) throw unsupported("An image that is not part of the request");
        images.push(image);
      } else {
        throw unsupported(part.kind === "vendor" ? `Content of type "${part.name}"` : part.kind);
      }
    }
    return { content: texts.join(BREAK), ...(images.length > 0 && { images }) };
  }

  #document(part: FilePart): string {
    if (part.source.from !== "text") throw unsupported("A document that is not plain text");
    this.#context.notice("converted", "document");
    return part.name === undefined ? part.source.text : part.name + BREAK + part.source.text;
  }

  #result(result: ToolResultPart): void {
    if (result.cache !== undefined) this.#context.notice("dropped", "cache_control");
    const content = this.#marked(result);
    const isMedia = (part: Part) => part.kind !== "text" && part.kind !== "file";
    const media = content.filter(isMedia);
    const texts: Part[] = content.filter((part) => !isMedia(part));
    if (texts.length === 0 && result.structured !== undefined) {
      texts.push({ kind: "text", text: JSON.stringify(result.structured) });
    }
    if (media.length > 0) {
      this.#context.notice("converted", "tool_result.content");
      const told = `Content of the result of call ${result.callId}:`;
      this.#moved.push({ kind: "text", text: told }, ...media);
    }
    this.#messages.push({
      role: "tool",
      ...this.#contentOf(texts),
      tool_name: result.name,
      tool_call_id: result.callId,
    });
  }

  /** There is no flag for a failed call, so the text has to say it. */
  #marked(result: ToolResultPart): readonly Part[] {
    if (!result.isError) return result.content;
    this.#context.notice("converted", "tool_result.is_error");
    const [first, ...rest] = result.content;
    if (first?.kind === "text") return [{ ...first, text: `Error: ${first.text}` }, ...rest];
    return [{ kind: "text", text: "Error: the call failed." }, ...result.content];
  }
}
