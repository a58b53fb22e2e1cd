// The messages of a request as instructions and turns.

import { appendAll } from "#core/append-all.ts";
import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type {
  NeutralRequest,
  Part,
  TextPart,
  ToolResultPart,
  Turn,
  VendorPart,
} from "../neutral.ts";
import { assistantParts } from "./assistant-message.ts";
import { contentToParts, contentToTexts } from "./content-to-parts.ts";
import { objectsAt, requiredString, stringAt, unknownMembers } from "./fields.ts";

const KNOWN_MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  system: new Set(["role", "content"]),
  developer: new Set(["role", "content"]),
  user: new Set(["role", "content", "name"]),
  tool: new Set(["role", "content", "tool_call_id", "name"]),
  assistant: new Set([
    "role",
    "content",
    "name",
    "refusal",
    "tool_calls",
    "reasoning_content",
    "reasoning",
    "reasoning_details",
    "extra_content",
    "images",
    "audio",
  ]),
};

/** What the messages become. Extras are named without the message's place: one notice is enough. */
export interface ReadMessages {
  readonly instructions: NeutralRequest["instructions"];
  readonly turns: readonly Turn[];
}

/**
 * Reads the messages.
 * @param extras takes the members that have no place in the neutral form
 * @throws GatewayError `invalid_request` with the path of what cannot be understood
 */
export function messagesToTurns(body: JsonObject, extras: Map<string, Json>): ReadMessages {
  const reader = new MessageReader();
  objectsAt(body, "messages").forEach((message, index) => {
    const role = reader.read(message, `messages[${index}]`);
    for (const [key, value] of unknownMembers(message, KNOWN_MEMBERS[role] ?? new Set())) {
      extras.set(`messages.${key}`, value);
    }
  });
  return reader;
}

class MessageReader implements ReadMessages {
  readonly instructions: (TextPart | VendorPart)[] = [];
  readonly turns: Turn[] = [];
  readonly #callNames = new Map<string, string>();
  /** The results of one turn, while further `tool` messages may add to them. */
  #openResults: ToolResultPart[] | undefined;

  /** @returns the role */
  read(message: JsonObject, path: string): string {
    const role = requiredString(message, "role", path);
    if (role === "tool") {
      this.#addResult(message, path);
      return role;
    }
    this.#openResults = undefined;
    if (role === "system" || role === "developer") this.#addInstruction(message, path);
    else if (role === "user") this.#addUser(message, path);
    else if (role === "assistant") this.#addAssistant(message, path);
    else
      throw invalidRequest(`${path}.role`, `"${path}.role" is none of the roles that are known.`);
    return role;
  }

  #addInstruction(message: JsonObject, path: string): void {
    const parts = contentToTexts(message["content"], `${path}.content`);
    if (this.turns.length === 0) appendAll(this.instructions, parts);
    else if (parts.length > 0) this.turns.push({ role: "system", parts });
  }

  #addUser(message: JsonObject, path: string): void {
    const parts = contentToParts(message["content"], `${path}.content`);
    this.turns.push({ role: "user", parts, ...nameOf(message, path) });
  }

  #addAssistant(message: JsonObject, path: string): void {
    const content = contentToParts(message["content"], `${path}.content`);
    const parts = assistantParts(message, content, `call_history_${this.turns.length}`);
    checkCalls(message, path);
    for (const part of parts) this.#noteCall(part);
    this.turns.push({ role: "assistant", parts, ...nameOf(message, path) });
  }

  #noteCall(part: Part): void {
    if (part.kind === "tool-call") this.#callNames.set(part.id, part.name);
    if (part.kind !== "vendor") return;
    const id = asString(part.value["id"]);
    const name = asString(asObject(part.value["custom"])?.["name"]);
    if (id !== undefined && name !== undefined) this.#callNames.set(id, name);
  }

  #addResult(message: JsonObject, path: string): void {
    const callId = requiredString(message, "tool_call_id", path);
    const name = this.#callNames.get(callId) ?? stringAt(message, "name", path);
    if (name === undefined) {
      throw invalidRequest(`${path}.tool_call_id`, "No call before this result has its id.");
    }
    const parts = contentToParts(message["content"], `${path}.content`);
    const result: ToolResultPart = {
      kind: "tool-result",
      callId,
      name,
      content: parts.map((part) => resultContent(part, path)),
      isError: false,
    };
    if (this.#openResults === undefined) {
      this.#openResults = [];
      this.turns.push({ role: "user", parts: this.#openResults });
    }
    this.#openResults.push(result);
  }
}

function nameOf(message: JsonObject, path: string): { name?: string } {
  const name = stringAt(message, "name", path);
  return name === undefined ? {} : { name };
}

function resultContent(part: Part, path: string): ToolResultPart["content"][number] {
  switch (part.kind) {
    case "reasoning":
    case "refusal":
    case "tool-call":
    case "tool-result":
      throw invalidRequest(`${path}.content`, `"${path}.content" holds what no tool can return.`);
    default:
      return part;
  }
}

/** A call that could not be read would be lost, and its result with it. */
function checkCalls(message: JsonObject, path: string): void {
  asArray(message["tool_calls"]).forEach((entry, index) => {
    const call = asObject(entry) ?? {};
    const called = asObject(call["function"]) ?? asObject(call["custom"]);
    const place = `${path}.tool_calls[${index}]`;
    requiredString(call, "id", place);
    requiredString(called ?? {}, "name", `${place}.function`);
  });
}
