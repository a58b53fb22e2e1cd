// The input of a request as instructions and turns. Items are a flat list; consecutive ones of the model
// become one turn, and the results of its calls follow it at once, wherever in the list they stand.
// Envelopes with another vendor's state are opened on the way.

import { appendAll } from "#core/append-all.ts";
import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type {
  Part,
  ProviderState,
  TextPart,
  ToolResultPart,
  Turn,
  VendorPart,
} from "../neutral.ts";
import { requiredString } from "../openai-chat/fields.ts";
import { contentToParts, contentToTexts } from "./content-to-parts.ts";
import { declaredTools, nameAmong, TOOL_SEARCH } from "./declared-tools.ts";
import { isReference } from "./input-facts.ts";
import type { NameOf } from "./output-item.ts";
import { nonMessageParts, wholeItem, withMessageState } from "./output-item.ts";
import type { OpenedEnvelope } from "./state-envelope.ts";
import { isEnvelope, openEnvelope } from "./state-envelope.ts";

/** What an input says. */
export interface Conversation {
  readonly instructions: readonly (TextPart | VendorPart)[];
  readonly turns: readonly Turn[];
}

/** Told the path of each item that had to be left out. */
export type OnDropped = (path: string) => void;

/** A turn with the results of the calls in it. */
interface Entry {
  readonly role: Turn["role"];
  readonly parts: Part[];
  readonly results: ToolResultPart[];
}

/** Items of the vendor's own tools: what they did is history. All others were to be read by the model. */
const HOSTED: ReadonlySet<string> = new Set([
  ...["web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call"],
  ...["mcp_call", "mcp_list_tools", "mcp_approval_request", "tool_search_call"],
  ...["tool_search_output", "program", "program_output"],
]);

/**
 * Reads the items.
 * @throws GatewayError `invalid_request` with the path of what cannot be understood, or
 *   `unsupported_feature` for an item that is only named by its id
 */
export function itemsToTurns(body: JsonObject, onDropped: OnDropped): Conversation {
  const { input } = body;
  const reader = new ItemReader(nameAmong(declaredTools(body)), onDropped);
  reader.instruct(contentToTexts(body["instructions"], "instructions"));
  if (typeof input === "string") reader.read({ role: "user", content: input }, "input");
  asArray(input).forEach((item, index) => {
    reader.read(asObject(item) ?? {}, `input[${index}]`);
  });
  return reader.finish();
}

class ItemReader {
  readonly #nameOf: NameOf;
  readonly #onDropped: OnDropped;
  readonly #instructions: (TextPart | VendorPart)[] = [];
  readonly #entries: Entry[] = [];
  /** Calls by id: the last one of an id that is used again. */
  readonly #calls = new Map<string, { readonly name: string; readonly entry: Entry }>();
  #waiting: readonly ProviderState[] = [];

  constructor(nameOf: NameOf, onDropped: OnDropped) {
    this.#nameOf = nameOf;
    this.#onDropped = onDropped;
  }

  instruct(parts: readonly (TextPart | VendorPart)[]): void {
    appendAll(this.#instructions, parts);
  }

  read(item: JsonObject, path: string): void {
    if (isReference(item)) throw storedItem(path);
    const type = asString(item["type"]) ?? "message";
    switch (type) {
      case "message":
        this.#message(item, path);
        return;
      case "function_call_output":
      case "custom_tool_call_output":
        this.#result(item, path);
        return;
      case "reasoning":
        this.#reasoning(item, path);
        return;
      case "function_call":
      case "custom_tool_call":
        this.#checkCall(item, path);
        this.#add("assistant", nonMessageParts(item, this.#nameOf));
        return;
      case "tool_search_output":
        if (item["execution"] === "client") this.#foundTools(item, path);
        else this.#add("assistant", [wholeItem(item)]);
        return;
      // Its tools are among those of the request.
      case "additional_tools":
        return;
      default:
        this.#add(HOSTED.has(type) ? "assistant" : "user", nonMessageParts(item, this.#nameOf));
    }
  }

  finish(): Conversation {
    if (this.#waiting.length > 0) this.#onDropped("input");
    const turns = this.#entries.flatMap(({ role, parts, results }): Turn[] => {
      const turn: Turn = { role, parts };
      return results.length === 0 ? [turn] : [turn, { role: "user", parts: results }];
    });
    return { instructions: this.#instructions, turns };
  }

  #message(item: JsonObject, path: string): void {
    const role = requiredString(item, "role", path);
    const content = item["content"];
    if (role === "system" || role === "developer") {
      const parts = contentToTexts(content, `${path}.content`);
      if (this.#entries.length === 0) appendAll(this.#instructions, parts);
      else if (parts.length > 0) this.#entries.push({ role: "system", parts, results: [] });
      return;
    }
    const parts = contentToParts(content, `${path}.content`);
    if (role === "assistant") this.#add("assistant", withMessageState(parts, item));
    else if (role === "user") this.#entries.push({ role, parts, results: [] });
    else
      throw invalidRequest(`${path}.role`, `"${path}.role" is none of the roles that are known.`);
  }

  /** Adds to the model's turn that is going on, or begins one. Turns of others are one an item. */
  #add(role: "assistant" | "user", added: readonly Part[]): void {
    if (added.length === 0) return;
    const [first, ...rest] = this.#waiting.length === 0 ? added : this.#stated(added);
    if (first === undefined) return;
    const last = this.#entries.at(-1);
    const isGoingOn =
      role === "assistant" && last?.role === "assistant" && last.results.length === 0;
    const entry: Entry = isGoingOn ? last : { role, parts: [], results: [] };
    if (!isGoingOn) this.#entries.push(entry);
    for (const part of [first, ...rest]) {
      entry.parts.push(part);
      if (part.kind === "tool-call") this.#calls.set(part.id, { name: part.name, entry });
    }
  }

  /** State that waited for the next part goes to it. */
  #stated([first, ...rest]: readonly Part[]): readonly Part[] {
    if (first === undefined) return rest;
    const states = this.#waiting;
    this.#waiting = [];
    return [withMore(first, states), ...rest];
  }

  #reasoning(item: JsonObject, path: string): void {
    const sealed = asString(item["encrypted_content"]) ?? "";
    if (!isEnvelope(sealed)) {
      this.#add("assistant", nonMessageParts(item, this.#nameOf));
      return;
    }
    const opened = openEnvelope(sealed);
    const text = [...asArray(item["summary"]), ...asArray(item["content"])]
      .map((part) => asString(asObject(part)?.["text"]) ?? "")
      .join("");
    if (opened === undefined) this.#onDropped(path);
    if (opened === undefined || opened.place === "this") {
      this.#add("assistant", foreignReasoning(text, opened?.states ?? []));
    } else this.#place(opened, path);
  }

  #place({ place, states }: OpenedEnvelope, path: string): void {
    const last = this.#entries.at(-1);
    const part = last?.role === "assistant" ? last.parts.at(-1) : undefined;
    if (place === "next") this.#waiting = [...this.#waiting, ...states];
    else if (place === "alone") {
      this.#add("assistant", [{ kind: "text", text: "", providerState: states }]);
    } else if (part !== undefined) last?.parts.splice(-1, 1, withMore(part, states));
    else this.#onDropped(path);
  }

  #checkCall(item: JsonObject, path: string): void {
    requiredString(item, "call_id", path);
    requiredString(item, "name", path);
    const key = item["type"] === "function_call" ? "arguments" : "input";
    if (item["type"] === "function_call" && typeof item[key] === "object") return;
    if (typeof item[key] === "string") return;
    throw invalidRequest(`${path}.${key}`, `"${path}.${key}" must be a string.`);
  }

  #result(item: JsonObject, path: string): void {
    const callId = requiredString(item, "call_id", path);
    const call = this.#calls.get(callId);
    const told = asString(item["name"]);
    const own = told && this.#nameOf(asString(item["namespace"]) ?? "", told);
    const name = call?.name ?? own;
    if (name === undefined) {
      throw invalidRequest(`${path}.call_id`, "No call before this result has its id.");
    }
    const parts = contentToParts(item["output"], `${path}.output`);
    const content = parts.map((part) => resultContent(part, path));
    this.#answer({ kind: "tool-result", callId, name, content, isError: false });
  }

  /** What the client's own search for tools found: the tools are among those of the request. */
  #foundTools(item: JsonObject, path: string): void {
    const callId = requiredString(item, "call_id", path);
    const names = asArray(item["tools"]).map((tool): Json => asObject(tool)?.["name"] ?? null);
    const content = [{ kind: "text", text: JSON.stringify({ tools: names }) } as const];
    this.#answer({ kind: "tool-result", callId, name: TOOL_SEARCH, content, isError: false });
  }

  #answer(result: ToolResultPart): void {
    const call = this.#calls.get(result.callId);
    if (call !== undefined) call.entry.results.push(result);
    else this.#entries.push({ role: "user", parts: [result], results: [] });
  }
}

/** Only the vendor that stores an item can look it up. */
function storedItem(path: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `"${path}" refers to an item that is stored at OpenAI, which no other target can look up. Send items whole; clients do that when "store" is false.`,
    { param: path },
  );
}

/** Reasoning of another vendor's model. What has no text was hidden by its vendor. */
function foreignReasoning(text: string, states: readonly ProviderState[]): Part[] {
  const isHidden = states.some(({ kind }) => kind === "redacted" || kind === "encrypted");
  if (text === "" && states.length === 0) return [];
  const part = { kind: "reasoning", text, redacted: text === "" && isHidden } as const;
  return [withMore(part, states)];
}

function withMore<P extends Part>(part: P, states: readonly ProviderState[]): P {
  if (states.length === 0) return part;
  return { ...part, providerState: [...states, ...(part.providerState ?? [])] };
}

function resultContent(part: Part, path: string): ToolResultPart["content"][number] {
  switch (part.kind) {
    case "reasoning":
    case "refusal":
    case "tool-call":
    case "tool-result":
      throw invalidRequest(`${path}.output`, `"${path}.output" holds what no tool can return.`);
    default:
      return part;
  }
}
