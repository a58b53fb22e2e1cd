// The messages of a request as instructions and turns.

import { appendAll } from "#core/append-all.ts";
import { invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type {
  ImagePart,
  MediaSource,
  NeutralRequest,
  Part,
  TextPart,
  ToolResultPart,
  Turn,
  VendorPart,
} from "../neutral.ts";
import { objectsAt, requiredString } from "../openai-chat/fields.ts";
import { messageParts, vendorPart } from "./message-parts.ts";
import { itemsOf } from "./read.ts";

/** What the messages become. */
export interface ReadMessages {
  readonly instructions: NeutralRequest["instructions"];
  readonly turns: readonly Turn[];
}

/**
 * Reads the messages.
 * @throws GatewayError `invalid_request` with the path of what cannot be understood
 */
export function messagesToTurns(body: JsonObject): ReadMessages {
  const reader = new MessageReader();
  objectsAt(body, "messages").forEach((message, index) => {
    reader.read(message, `messages[${index}]`);
  });
  return reader;
}

class MessageReader implements ReadMessages {
  readonly instructions: (TextPart | VendorPart)[] = [];
  readonly turns: Turn[] = [];
  readonly #callNames = new Map<string, string>();
  /** The results of one turn, while further `tool` messages may add to them. */
  #openResults: ToolResultPart[] | undefined;

  read(message: JsonObject, path: string): void {
    const role = requiredString(message, "role", path);
    if (role === "tool") {
      this.#addResult(message, path);
      return;
    }
    this.#openResults = undefined;
    if (role === "system") this.#addInstruction(message, path);
    else if (role === "user") this.#addUser(message, path);
    else if (role === "assistant") this.#addAssistant(message, path);
    else
      throw invalidRequest(`${path}.role`, `"${path}.role" is none of the roles that are known.`);
  }

  #addInstruction(message: JsonObject, path: string): void {
    const parts = itemsOf(message["content"], `${path}.content`).map(readText);
    if (this.turns.length === 0) appendAll(this.instructions, parts);
    else if (parts.length > 0) this.turns.push({ role: "system", parts });
  }

  #addUser(message: JsonObject, path: string): void {
    const items = itemsOf(message["content"], `${path}.content`);
    const parts = items.map((item, index) => {
      return item["type"] === "image_url"
        ? readImage(item, `${path}.content[${index}]`)
        : readText(item);
    });
    this.turns.push({ role: "user", parts });
  }

  #addAssistant(message: JsonObject, path: string): void {
    itemsOf(message["content"], `${path}.content`);
    objectsAt(message, "tool_calls", path).forEach((call, index) => {
      const place = `${path}.tool_calls[${index}]`;
      requiredString(call, "id", place);
      requiredString(asObject(call["function"]) ?? {}, "name", `${place}.function`);
    });
    const parts = messageParts(message, `call_history_${this.turns.length}_`);
    for (const part of parts) {
      if (part.kind === "tool-call") this.#callNames.set(part.id, part.name);
    }
    this.turns.push({ role: "assistant", parts });
  }

  #addResult(message: JsonObject, path: string): void {
    const callId = requiredString(message, "tool_call_id", path);
    const name = this.#callNames.get(callId);
    if (name === undefined) {
      throw invalidRequest(`${path}.tool_call_id`, "No call before this result has its id.");
    }
    const content = itemsOf(message["content"], `${path}.content`).map(readText);
    const result: ToolResultPart = { kind: "tool-result", callId, name, content, isError: false };
    if (this.#openResults === undefined) {
      this.#openResults = [];
      this.turns.push({ role: "user", parts: this.#openResults });
    }
    this.#openResults.push(result);
  }
}

/** Text, or whatever else only Cohere has: documents in the results of tools. */
function readText(item: JsonObject): TextPart | VendorPart {
  const text = item["type"] === "text" ? asString(item["text"]) : undefined;
  if (text !== undefined) return { kind: "text", text };
  return vendorPart(asString(item["type"]) ?? "content", item);
}

const DATA_URI = /^data:([^;,]{1,100});base64,/i;

function readImage(item: JsonObject, path: string): Part {
  const image = item["image_url"];
  const url = asString(asObject(image)?.["url"]) ?? asString(image) ?? "";
  if (url === "") throw invalidRequest(`${path}.image_url`, `"${path}.image_url" has no address.`);
  const detail = asString(asObject(image)?.["detail"]);
  return {
    kind: "image",
    source: sourceOf(url),
    ...(isDetail(detail) && { detail }),
  };
}

function sourceOf(url: string): MediaSource {
  const [head = "", mediaType] = DATA_URI.exec(url.slice(0, 120)) ?? [];
  if (mediaType === undefined) return { from: "url", url };
  return { from: "base64", mediaType: mediaType.toLowerCase(), data: url.slice(head.length) };
}

function isDetail(text: string | undefined): text is NonNullable<ImagePart["detail"]> {
  return text === "auto" || text === "low" || text === "high";
}
