// Reads a Cohere stream: typed events from `message-start` to `message-end`. Contents and calls come one
// after the other, each with an index; what should come in turns is put into its order.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent, PartStart, UpstreamFault } from "../neutral.ts";
import { readCitations } from "./citations.ts";
import { readInlineFault } from "./fault.ts";
import { vendorPart } from "./message-parts.ts";
import { callSeedOf } from "./reply-to-neutral.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

const NOTHING: readonly NeutralEvent[] = Object.freeze([]);
const UNREADABLE: readonly NeutralEvent[] = Object.freeze([{ type: "unreadable" } as const]);

/** The part that is open. */
interface OpenPart {
  /** What the vendor calls it: the kind and its index. */
  readonly key: string;
  readonly kind: PartStart["kind"];
  hasText: boolean;
}

/** A call that waits for the one before it to end. */
interface WaitingCall {
  readonly key: string;
  readonly start: PartStart;
  text: string;
}

/** Reads one stream. */
export class CohereDecoder implements StreamDecoder {
  #out: NeutralEvent[] = [];
  #hasStarted = false;
  #isOver = false;
  #id = "";
  #open: OpenPart | undefined;
  #nextIndex = 0;
  #waiting: WaitingCall[] = [];
  #callCount = 0;

  decode(event: SseEvent): readonly NeutralEvent[] {
    if (this.#isOver || event.data === "" || event.data.startsWith("[DONE]")) return NOTHING;
    const body = parse(event.data);
    if (body === undefined) return UNREADABLE;
    const fault = event.name === "error" ? faultOf(body) : readInlineFault(body);
    if (fault !== undefined) return this.#fail(fault);
    this.#out = [];
    this.#read(body);
    return this.#out;
  }

  #read(body: JsonObject): void {
    const delta = asObject(body["delta"]) ?? {};
    const message = asObject(delta["message"]) ?? {};
    const index = String(body["index"] ?? 0);
    switch (body["type"]) {
      case "message-start":
        this.#start(body);
        return;
      case "content-start":
      case "content-delta":
        this.#content(message["content"], index);
        return;
      case "tool-plan-delta":
        this.#say("text", "plan", asString(message["tool_plan"]) ?? "");
        return;
      case "tool-call-start":
        this.#startCall(firstOf(message["tool_calls"]), index);
        return;
      case "tool-call-delta":
        this.#feedCall(firstOf(message["tool_calls"]), index);
        return;
      case "tool-call-end":
        if (this.#open?.key === `call ${index}`) this.#nextCall();
        return;
      case "citation-start":
        this.#cite(message["citations"]);
        return;
      case "message-end":
        this.#end(delta);
        return;
      default:
        return;
    }
  }

  #start(body: JsonObject): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.#id = asString(body["id"]) ?? "";
    const model = asString(body["model"]) ?? "";
    this.#out.push({ type: "message-started", id: this.#id, model, createdAt: 0 });
  }

  #content(value: Json | undefined, index: string): void {
    const content = firstOf(value);
    const type = asString(content["type"]) ?? "";
    const thinking = asString(content["thinking"]) ?? "";
    const text = asString(content["text"]) ?? "";
    if (type !== "" && type !== "text" && type !== "thinking") {
      this.#begin(`vendor ${index}`, { kind: "whole", part: vendorPart(type, content) });
    } else if (thinking !== "") this.#say("reasoning", index, thinking);
    else this.#say("text", index, text);
  }

  /** Adds text to the open part if it is the same one, else opens another. */
  #say(kind: "text" | "reasoning", index: string, text: string): void {
    if (text === "") return;
    const key = `${kind} ${index}`;
    if (this.#open?.key !== key) {
      this.#begin(key, kind === "text" ? { kind } : { kind, redacted: false });
    }
    this.#feed(text);
  }

  #startCall(call: JsonObject, index: string): void {
    const called = asObject(call["function"]) ?? {};
    const given = asString(call["id"]) ?? "";
    const id = given === "" ? `${callSeedOf(this.#id)}${this.#callCount}` : given;
    this.#callCount += 1;
    const start = { kind: "tool-call", id, name: asString(called["name"]) ?? "" } as const;
    const waiting = { key: `call ${index}`, start, text: argumentsIn(called) };
    if (this.#open?.kind === "tool-call") this.#waiting.push(waiting);
    else this.#openCall(waiting);
  }

  #feedCall(call: JsonObject, index: string): void {
    const text = argumentsIn(asObject(call["function"]) ?? {});
    const key = `call ${index}`;
    if (this.#open?.key === key) this.#feed(text);
    const waiting = this.#waiting.find((candidate) => candidate.key === key);
    if (waiting !== undefined) waiting.text += text;
  }

  #openCall(call: WaitingCall): void {
    this.#begin(call.key, call.start);
    this.#feed(call.text);
  }

  /** The open call is complete; the next one that came meanwhile takes its place. */
  #nextCall(): void {
    this.#close();
    const next = this.#waiting.shift();
    if (next !== undefined) this.#openCall(next);
  }

  #cite(value: Json | undefined): void {
    const items = Array.isArray(value) ? value : value === undefined ? [] : [value];
    if (this.#open?.kind !== "text" || items.length === 0) return;
    const place = { choice: 0, index: this.#nextIndex - 1 };
    this.#out.push({ type: "part-state", ...place, citations: readCitations(items) });
  }

  #begin(key: string, start: PartStart): void {
    this.#start({});
    this.#close();
    this.#open = { key, kind: start.kind, hasText: false };
    this.#out.push({ type: "part-started", choice: 0, index: this.#nextIndex, start });
    this.#nextIndex += 1;
  }

  #feed(text: string): void {
    if (text === "" || this.#open === undefined) return;
    this.#open.hasText = true;
    this.#out.push({ type: "part-delta", choice: 0, index: this.#nextIndex - 1, text });
  }

  #close(): void {
    if (this.#open === undefined) return;
    // A call without arguments has an empty object of them.
    if (this.#open.kind === "tool-call" && !this.#open.hasText) this.#feed("{}");
    this.#out.push({ type: "part-ended", choice: 0, index: this.#nextIndex - 1 });
    this.#open = undefined;
  }

  #end(delta: JsonObject): void {
    this.#start({});
    while (this.#open !== undefined) this.#nextCall();
    this.#isOver = true;
    const vendorStop = asString(delta["finish_reason"]) ?? "";
    const message = asString(delta["error"]);
    if (message !== undefined) {
      this.#out.push({ type: "faulted", fault: { status: 0, code: vendorStop, message } });
      return;
    }
    const stop = readStop(vendorStop, this.#callCount > 0);
    this.#out.push({ type: "choice-ended", choice: 0, stop, vendorStop });
    const usage = readUsage(delta["usage"]);
    if (usage !== undefined) this.#out.push({ type: "usage", usage });
    this.#out.push({ type: "message-ended" });
  }

  #fail(fault: UpstreamFault): readonly NeutralEvent[] {
    this.#isOver = true;
    return [{ type: "faulted", fault }];
  }
}

function faultOf(body: JsonObject): UpstreamFault {
  const message = "The upstream reported an error.";
  return readInlineFault({ ...body, type: undefined }) ?? { status: 0, code: "", message };
}

/** Calls and contents of a stream are single objects where replies have lists. */
function firstOf(value: Json | undefined): JsonObject {
  return asObject(value) ?? asObject(asArray(value)[0]) ?? {};
}

/** `null` stands for no arguments. */
function argumentsIn(called: JsonObject): string {
  const text = asString(called["arguments"]) ?? "";
  return text.trim() === "null" ? "" : text;
}

function parse(data: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return undefined;
  }
}
