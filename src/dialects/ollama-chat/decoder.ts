// Reads a stream of Ollama: lines with pieces of one message, calls whole, the last one `done`.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent, Part } from "../neutral.ts";
import { readInlineFault } from "./fault.ts";
import { callSeedOf, messageParts } from "./message-parts.ts";
import { secondsOf } from "./reply-to-neutral.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

const NOTHING: readonly NeutralEvent[] = Object.freeze([]);
const UNREADABLE: readonly NeutralEvent[] = Object.freeze([{ type: "unreadable" } as const]);

/** Reads one stream. */
export class OllamaDecoder implements StreamDecoder {
  #hasStarted = false;
  #isOver = false;
  #callSeed = "";
  #callCount = 0;
  /** Kind of the part that is open: only texts stay open between lines. */
  #open: "text" | "reasoning" | undefined;
  #nextIndex = 0;

  decode(event: SseEvent): readonly NeutralEvent[] {
    if (this.#isOver || event.data === "") return NOTHING;
    const body = parse(event.data);
    if (body === undefined) return UNREADABLE;
    const fault = readInlineFault(body);
    if (fault !== undefined) {
      this.#isOver = true;
      return [{ type: "faulted", fault }];
    }
    const out: NeutralEvent[] = [];
    const message = asObject(body["message"]);
    if (message === undefined && body["done"] !== true) return NOTHING;
    this.#start(body, out);
    // The ids of calls count on over the lines, as they do in a whole reply.
    for (const part of messageParts(message ?? {}, "")) this.#add(part, message, out);
    if (body["done"] === true) this.#finish(body, out);
    return out;
  }

  #start(body: JsonObject, out: NeutralEvent[]): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const createdAt = asString(body["created_at"]) ?? "";
    this.#callSeed = callSeedOf(createdAt);
    const model = asString(body["model"]) ?? "";
    out.push({ type: "message-started", id: "", model, createdAt: secondsOf(createdAt) });
  }

  #add(part: Part, message: JsonObject | undefined, out: NeutralEvent[]): void {
    if (part.kind === "text" || part.kind === "reasoning") {
      this.#say(part.kind, part.text, out);
    } else if (part.kind === "tool-call") {
      const isNamed = asArray(message?.["tool_calls"]).some(
        (call) => asObject(call)?.["id"] === part.id,
      );
      this.#call(isNamed ? part.id : `${this.#callSeed}${this.#callCount}`, part, out);
    } else {
      this.#close(out);
      out.push({ type: "part-started", choice: 0, index: this.#nextIndex, start: whole(part) });
      this.#end(out);
    }
  }

  #say(kind: "text" | "reasoning", text: string, out: NeutralEvent[]): void {
    if (this.#open !== kind) {
      this.#close(out);
      const start = kind === "text" ? { kind } : { kind, redacted: false };
      out.push({ type: "part-started", choice: 0, index: this.#nextIndex, start });
      this.#open = kind;
    }
    out.push({ type: "part-delta", choice: 0, index: this.#nextIndex, text });
  }

  #call(id: string, part: Extract<Part, { kind: "tool-call" }>, out: NeutralEvent[]): void {
    this.#close(out);
    this.#callCount += 1;
    const place = { choice: 0, index: this.#nextIndex };
    const start = { kind: "tool-call", id, name: part.name } as const;
    out.push({ type: "part-started", ...place, start });
    out.push({ type: "part-delta", ...place, text: part.argumentsJson });
    this.#end(out);
  }

  #close(out: NeutralEvent[]): void {
    if (this.#open === undefined) return;
    this.#open = undefined;
    this.#end(out);
  }

  #end(out: NeutralEvent[]): void {
    out.push({ type: "part-ended", choice: 0, index: this.#nextIndex });
    this.#nextIndex += 1;
  }

  #finish(body: JsonObject, out: NeutralEvent[]): void {
    this.#close(out);
    this.#isOver = true;
    const vendorStop = asString(body["done_reason"]) ?? "";
    const stop = readStop(vendorStop, this.#callCount > 0);
    out.push({ type: "choice-ended", choice: 0, stop, vendorStop });
    const usage = readUsage(body);
    if (usage !== undefined) out.push({ type: "usage", usage });
    out.push({ type: "message-ended" });
  }
}

function whole(part: Part): { kind: "whole"; part: Part } {
  return { kind: "whole", part };
}

function parse(data: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return undefined;
  }
}
