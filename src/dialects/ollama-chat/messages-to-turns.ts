// The messages of a request as instructions and turns. Calls and their results often have no ids: they
// belong together by the name of the tool and their order.

import { appendAll } from "#core/append-all.ts";
import { invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type {
  ImagePart,
  NeutralRequest,
  Part,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Turn,
} from "../neutral.ts";
import { listAt, objectsAt, requiredString, stringAt } from "../openai-chat/fields.ts";
import { readImage } from "./images.ts";
import { messageParts } from "./message-parts.ts";

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
  readonly instructions: TextPart[] = [];
  readonly turns: Turn[] = [];
  /** Calls that have no result yet, in their order. */
  #open: ToolCallPart[] = [];
  #openResults: ToolResultPart[] | undefined;

  read(message: JsonObject, path: string): void {
    const role = requiredString(message, "role", path);
    const content = contentOf(message, path);
    if (role === "tool") {
      this.#addResult(message, content, path);
      return;
    }
    this.#openResults = undefined;
    if (role === "system" && this.turns.length === 0) {
      appendAll(
        this.instructions,
        content.filter((part) => part.kind === "text"),
      );
    } else if (role === "system") {
      if (content.length > 0) this.turns.push({ role, parts: content });
    } else if (role === "user") this.turns.push({ role, parts: content });
    else if (role === "assistant") this.#addAssistant(message, path);
    else
      throw invalidRequest(`${path}.role`, `"${path}.role" is none of the roles that are known.`);
  }

  #addAssistant(message: JsonObject, path: string): void {
    objectsAt(message, "tool_calls", path).forEach((call, index) => {
      const place = `${path}.tool_calls[${index}].function`;
      requiredString(asObject(call["function"]) ?? {}, "name", place);
    });
    const parts = messageParts(message, `call_history_${this.turns.length}_`);
    this.#open = parts.filter((part) => part.kind === "tool-call");
    this.turns.push({ role: "assistant", parts });
  }

  #addResult(message: JsonObject, content: readonly (TextPart | ImagePart)[], path: string): void {
    const call = this.#callOf(asString(message["tool_call_id"]), asString(message["tool_name"]));
    if (call === undefined) {
      throw invalidRequest(`${path}.tool_name`, "No call before this result has its name or id.");
    }
    this.#open = this.#open.filter((open) => open !== call);
    const { id: callId, name } = call;
    const result: ToolResultPart = { kind: "tool-result", callId, name, content, isError: false };
    if (this.#openResults === undefined) {
      this.#openResults = [];
      this.turns.push({ role: "user", parts: this.#openResults });
    }
    this.#openResults.push(result);
  }

  #callOf(id: string | undefined, name: string | undefined): ToolCallPart | undefined {
    if (id !== undefined && id !== "") return this.#open.find((call) => call.id === id);
    if (name !== undefined && name !== "") return this.#open.find((call) => call.name === name);
    return this.#open[0];
  }
}

function contentOf(message: JsonObject, path: string): (TextPart | ImagePart)[] {
  const text = stringAt(message, "content", path) ?? "";
  const images = listAt(message, "images", path).map((image, index) => {
    if (typeof image === "string") return readImage(image);
    throw invalidRequest(`${path}.images[${index}]`, `"${path}.images[${index}]" must be base64.`);
  });
  const said: Part & TextPart = { kind: "text", text };
  return text === "" ? images : [said, ...images];
}
