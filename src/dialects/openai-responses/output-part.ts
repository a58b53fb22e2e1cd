// The items that a model writes, one class a kind: what each looks like when it begins and when it has
// ended, and the events in between.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ClientContext } from "../dialect.ts";
import type { Citations, PartStart } from "../neutral.ts";
import { writeAnnotations } from "./annotations.ts";
import type { KnownTool } from "./echo.ts";

/** Where an item stands, and who is told of it. */
export interface Place {
  readonly id: string;
  index: number;
  readonly emit: (type: string, members: JsonObject) => void;
}

/** An item under construction. */
export interface OutputItem {
  readonly place: Place;
  /** As its beginning shows it. */
  begun(): JsonObject;
  text(text: string): void;
  /** Ends it. @returns the finished item */
  ended(): JsonObject;
}

/** A content part under construction. */
interface OpenContent {
  readonly kind: "text" | "refusal";
  text: string;
  readonly annotations: Json[];
}

/** A message with texts and refusals. */
export class MessageItem implements OutputItem {
  readonly place: Place;
  readonly phase: string | undefined;
  readonly #context: Pick<ClientContext, "notice">;
  readonly #content: Json[] = [];
  #open: OpenContent | undefined;

  constructor(place: Place, phase: string | undefined, context: Pick<ClientContext, "notice">) {
    this.place = place;
    this.phase = phase;
    this.#context = context;
  }

  begun(): JsonObject {
    return this.#item("in_progress");
  }

  text(text: string, kind: "text" | "refusal" = "text"): void {
    const open = this.#open ?? this.#begin(kind);
    open.text += text;
    if (kind === "refusal") this.#tell("response.refusal.delta", { delta: text });
    else this.#tell("response.output_text.delta", { delta: text, logprobs: [] });
  }

  /** Citations of the text so far. Without one there is nothing that they could belong to. */
  cite(citations: Citations): void {
    const open = this.#open;
    if (open?.kind !== "text") return;
    for (const annotation of writeAnnotations(citations, open.text, this.#context)) {
      const members = { annotation_index: open.annotations.length, annotation };
      open.annotations.push(annotation);
      this.#tell("response.output_text.annotation.added", members);
    }
  }

  endPart(): void {
    const open = this.#open;
    if (open === undefined) return;
    const { text } = open;
    if (open.kind === "refusal") this.#tell("response.refusal.done", { refusal: text });
    else this.#tell("response.output_text.done", { text, logprobs: [] });
    const part = contentPart(open);
    this.#tell("response.content_part.done", { part });
    this.#open = undefined;
    this.#content.push(part);
  }

  ended(): JsonObject {
    this.endPart();
    return this.#item("completed");
  }

  #begin(kind: "text" | "refusal"): OpenContent {
    const open: OpenContent = { kind, text: "", annotations: [] };
    this.#open = open;
    this.#tell("response.content_part.added", { part: contentPart(open) });
    return open;
  }

  #item(status: string): JsonObject {
    return {
      id: this.place.id,
      type: "message",
      status,
      role: "assistant",
      ...(this.phase !== undefined && { phase: this.phase }),
      content: [...this.#content],
    };
  }

  #tell(type: string, members: JsonObject): void {
    const { id, index, emit } = this.place;
    const at = { item_id: id, output_index: index, content_index: this.#content.length };
    emit(type, { ...at, ...members });
  }
}

function contentPart({ kind, text, annotations }: OpenContent): JsonObject {
  if (kind === "refusal") return { type: "refusal", refusal: text };
  return { type: "output_text", annotations: [...annotations], logprobs: [], text };
}

/** Reasoning. What a foreign model thought aloud is shown as a summary, which all clients read. */
export class ReasoningItem implements OutputItem {
  readonly place: Place;
  #id: string;
  #text = "";
  #sealed: string | undefined;

  constructor(place: Place) {
    this.place = place;
    this.#id = place.id;
  }

  begun(): JsonObject {
    return { id: this.#id, type: "reasoning", summary: [] };
  }

  text(text: string): void {
    if (this.#text === "") {
      this.#tell("response.reasoning_summary_part.added", { part: summary("") });
    }
    this.#text += text;
    this.#tell("response.reasoning_summary_text.delta", { delta: text });
  }

  /** @param id its vendor's own, where it is of this dialect; @param sealed for `encrypted_content` */
  seal(id: string | undefined, sealed: string | undefined): void {
    this.#id = id ?? this.#id;
    this.#sealed = sealed;
  }

  ended(): JsonObject {
    const text = this.#text;
    if (text !== "") {
      this.#tell("response.reasoning_summary_text.done", { text });
      this.#tell("response.reasoning_summary_part.done", { part: summary(text) });
    }
    return {
      id: this.#id,
      type: "reasoning",
      summary: text === "" ? [] : [summary(text)],
      ...(this.#sealed !== undefined && { encrypted_content: this.#sealed }),
    };
  }

  #tell(type: string, members: JsonObject): void {
    const { id, index, emit } = this.place;
    emit(type, { item_id: id, output_index: index, summary_index: 0, ...members });
  }
}

function summary(text: string): JsonObject {
  return { type: "summary_text", text };
}

const PREFIXES = { function: "fc", custom: "ctc", search: "tsc" } as const;

/** A call of one of the caller's tools, in the form that the caller declared it. */
export class CallItem implements OutputItem {
  readonly place: Place;
  readonly #form: KnownTool["form"];
  readonly #named: JsonObject;
  readonly #callId: string;
  #arguments = "";

  constructor(
    start: Extract<PartStart, { kind: "tool-call" }>,
    known: KnownTool | undefined,
    place: Place,
  ) {
    this.place = place;
    this.#form = known?.form ?? "function";
    this.#callId = start.id;
    const namespace = known?.namespace ?? "";
    this.#named = {
      name: known?.name ?? start.name,
      ...(namespace !== "" && { namespace }),
    };
  }

  /** What the ids of such items begin with. */
  static prefixOf(known: KnownTool | undefined): string {
    return PREFIXES[known?.form ?? "function"];
  }

  begun(): JsonObject {
    return this.#item("in_progress", "");
  }

  /** Only functions are told piece by piece: free text cannot be read off a part of its wrapping. */
  text(text: string): void {
    this.#arguments += text;
    if (this.#form === "function") {
      this.#tell("response.function_call_arguments.delta", { delta: text });
    }
  }

  ended(): JsonObject {
    if (this.#form === "function") {
      if (this.#arguments === "") this.text("{}");
      const members = { ...this.#named, arguments: this.#arguments };
      this.#tell("response.function_call_arguments.done", members);
    } else if (this.#form === "custom") {
      const input = freeText(this.#arguments);
      this.#tell("response.custom_tool_call_input.delta", { delta: input });
      this.#tell("response.custom_tool_call_input.done", { input });
    }
    return this.#item("completed", this.#arguments);
  }

  #item(status: string, text: string): JsonObject {
    const { id } = this.place;
    const call = { id, status, call_id: this.#callId };
    switch (this.#form) {
      case "function":
        return { ...call, type: "function_call", ...this.#named, arguments: text };
      case "custom":
        return { ...call, type: "custom_tool_call", ...this.#named, input: freeText(text) };
      case "search": {
        const found = text === "" ? {} : (parsed(text) ?? {});
        return { ...call, type: "tool_search_call", execution: "client", arguments: found };
      }
    }
  }

  #tell(type: string, members: JsonObject): void {
    const { id, index, emit } = this.place;
    emit(type, { item_id: id, output_index: index, ...members });
  }
}

/** The free text in the arguments; what a model wrote without its wrapping counts as it is. */
function freeText(text: string): string {
  return asString(parsed(text)?.["input"]) ?? text;
}

function parsed(text: string): JsonObject | undefined {
  try {
    return asObject(parseInner(text));
  } catch {
    return undefined;
  }
}
