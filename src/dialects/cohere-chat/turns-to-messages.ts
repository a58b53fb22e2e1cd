// Instructions and turns as the messages of a request. Documents that a user gives have a list of their
// own beside the messages, so that answers can cite them.

import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type {
  FilePart,
  ImagePart,
  NeutralRequest,
  Part,
  TextPart,
  ToolResultPart,
  Turn,
  VendorPart,
} from "../neutral.ts";
import { writeCitations } from "./citations.ts";
import { COHERE_CHAT } from "./dialect-id.ts";
import { isPlan, writeCall } from "./message-parts.ts";
import { writeContent } from "./reply-from-neutral.ts";
import { unsupported } from "./unsupported.ts";

/** What the turns become. */
export interface WrittenTurns {
  readonly messages: Json[];
  readonly documents: Json[];
}

/**
 * Writes the messages.
 * @throws GatewayError `unsupported_feature` for what messages cannot hold
 */
export function turnsToMessages(request: NeutralRequest, context: UpstreamContext): WrittenTurns {
  if (request.turns.at(-1)?.role === "assistant" && request.origin !== COHERE_CHAT) {
    throw unsupported("The beginning of an answer that is to be continued");
  }
  const writer = new MessageWriter(context);
  if (request.instructions.length > 0) writer.instructions(request.instructions);
  for (const turn of request.turns) writer.turn(turn);
  return writer.finish();
}

type ResultContent = ToolResultPart["content"][number];

class MessageWriter {
  readonly #context: UpstreamContext;
  readonly #messages: Json[] = [];
  readonly #documents: Json[] = [];
  /** Pictures of results, which wait for the next message of the user. */
  #moved: Part[] = [];

  constructor(context: UpstreamContext) {
    this.#context = context;
  }

  instructions(parts: readonly (TextPart | VendorPart)[]): void {
    this.#messages.push({ role: "system", content: this.#contentOf(parts) });
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
      this.#messages.push({ role: "user", content: this.#contentOf(parts) });
      return;
    }
    this.#flushMoved();
    if (turn.role === "system") {
      this.#messages.push({ role: "system", content: this.#contentOf(rest) });
    } else this.#messages.push({ role: "assistant", ...this.#assistant(rest) });
  }

  finish(): WrittenTurns {
    this.#flushMoved();
    return { messages: this.#messages, documents: this.#documents };
  }

  #flushMoved(): void {
    if (this.#moved.length === 0) return;
    const content = this.#contentOf(this.#moved);
    this.#moved = [];
    this.#messages.push({ role: "user", content });
  }

  /** A string where there is nothing but one text, else a list. */
  #contentOf(parts: readonly Part[]): Json {
    const items = parts.flatMap((part) => this.#item(part));
    const [only] = items;
    if (items.length === 0) return "";
    return items.length === 1 && only?.["type"] === "text" ? (only["text"] ?? "") : items;
  }

  #item(part: Part): JsonObject[] {
    this.#announceMarks(part);
    switch (part.kind) {
      case "text":
        return [{ type: "text", text: part.text }];
      case "image":
        return [writeImage(part)];
      case "file":
        this.#documents.push(this.#document(part));
        return [];
      case "vendor":
        if (part.origin === COHERE_CHAT) return [part.value];
        throw unsupported(`Content of type "${part.name}"`);
      default:
        throw unsupported(`A ${part.kind} part in a message of the user`);
    }
  }

  #announceMarks(part: Part): void {
    if (part.cache !== undefined) this.#context.notice("dropped", "cache_control");
    if (part.providerState !== undefined) this.#context.notice("dropped", "provider_state");
  }

  #document(part: FilePart): JsonObject {
    const { source } = part;
    if (source.from !== "text") throw unsupported("A document that is not plain text");
    this.#context.notice("converted", "document");
    const id = `document-${this.#documents.length + 1}`;
    const title = part.name === undefined ? {} : { title: part.name };
    return { id, data: { ...title, text: source.text } };
  }

  #assistant(parts: readonly Part[]): JsonObject {
    const calls = parts.filter((part) => part.kind === "tool-call");
    const content: JsonObject[] = [];
    const citations: Json[] = [];
    let plan = "";
    for (const part of parts) {
      if (part.kind !== "reasoning") this.#announceMarks(part);
      if (part.kind === "text" && isPlan(part, calls.length > 0)) plan += part.text;
      else if (part.kind !== "tool-call") {
        if (part.kind === "text") citations.push(...writeCitations(part, content.length));
        content.push(...writeContent(part, this.#context));
      }
    }
    const [only] = content;
    const isText = content.length === 1 && only?.["type"] === "text" && citations.length === 0;
    return {
      ...(content.length > 0 && { content: isText ? (only["text"] ?? "") : content }),
      ...(content.length === 0 && calls.length === 0 && { content: "" }),
      ...(plan !== "" && { tool_plan: plan }),
      ...(calls.length > 0 && { tool_calls: calls.map(writeCall) }),
      ...(citations.length > 0 && { citations }),
    };
  }

  #result(result: ToolResultPart): void {
    if (result.cache !== undefined) this.#context.notice("dropped", "cache_control");
    const { kept, media } = this.#divided(this.#marked(result));
    if (media.length > 0) {
      this.#context.notice("converted", "tool_result.content");
      const text = `Content of the result of call ${result.callId}:`;
      this.#moved.push({ kind: "text", text }, ...media);
    }
    const structured =
      result.structured !== undefined && kept.length === 0
        ? [{ kind: "text", text: JSON.stringify(result.structured) } as const]
        : kept;
    const content =
      structured.length === 0 && media.length > 0
        ? "The content follows in the next message of the user."
        : this.#contentOf(structured);
    this.#messages.push({ role: "tool", tool_call_id: result.callId, content });
  }

  /** Results hold text and Cohere's own documents; all else waits for the user's next message. */
  #divided(content: readonly ResultContent[]) {
    const kept: Part[] = [];
    const media: Part[] = [];
    for (const part of content) {
      if (part.kind === "text" || part.kind === "vendor") kept.push(part);
      else if (part.kind === "file" && part.source.from === "text") {
        kept.push({ kind: "text", text: part.source.text });
      } else media.push(part);
    }
    return { kept, media };
  }

  /** There is no flag for a failed call, so the text has to say it. */
  #marked(result: ToolResultPart): readonly ResultContent[] {
    if (!result.isError) return result.content;
    this.#context.notice("converted", "tool_result.is_error");
    const [first, ...rest] = result.content;
    if (first?.kind === "text") return [{ ...first, text: `Error: ${first.text}` }, ...rest];
    return [{ kind: "text", text: "Error: the call failed." }, ...result.content];
  }
}

function writeImage(part: ImagePart): JsonObject {
  const { source } = part;
  const url =
    source.from === "url"
      ? source.url
      : source.from === "base64"
        ? `data:${source.mediaType};base64,${source.data}`
        : undefined;
  if (url === undefined) throw unsupported("An image that is stored at another vendor");
  const detail = part.detail === undefined || part.detail === "original" ? "auto" : part.detail;
  return {
    type: "image_url",
    image_url: { url, ...(part.detail !== undefined && { detail }) },
  };
}
