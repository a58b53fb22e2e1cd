// Writes a stream of Converse as named frames: blocks one at a time, `messageStop`, `metadata`.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { sseFrame } from "#wire/sse.ts";
import type { ClientContext, StreamEncoder } from "../dialect.ts";
import type { NeutralEvent, ProviderState } from "../neutral.ts";
import { writeCitations } from "./citations.ts";
import { ownStates, replyBlock } from "./reply-part.ts";
import { type ReadStop, writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

type PartEvent = Extract<NeutralEvent, { index: number }>;
type Start = Extract<PartEvent, { type: "part-started" }>["start"];

/** One stream. Faults are written by the dialect's `faultFrames`, not here. */
export class ConverseEncoder implements StreamEncoder {
  readonly #context: ClientContext;
  #start: Start | undefined;
  #states: ProviderState[] = [];
  #isWritten = false;
  #nextIndex = 0;
  #hasToolCall = false;
  #usage: Usage | undefined;
  #stop: ReadStop = { stop: "content_filter", vendorStop: "" };

  constructor(context: ClientContext) {
    this.#context = context;
  }

  encode(event: NeutralEvent): string {
    if ("choice" in event && event.choice !== 0) {
      this.#context.notice("dropped", "choices");
      return "";
    }
    switch (event.type) {
      case "message-started":
        return frame("messageStart", { role: "assistant" });
      case "usage":
        this.#usage = event.usage;
        return "";
      case "choice-ended":
        this.#stop = event;
        return "";
      case "message-ended":
        return this.#messageEnd();
      case "blocked":
      case "unreadable":
      case "faulted":
        return "";
      default:
        return this.#partEvent(event);
    }
  }

  #partEvent(event: PartEvent): string {
    switch (event.type) {
      case "part-started":
        return this.#open(event.start, event.providerState);
      case "part-delta":
        return this.#text(event.text);
      case "part-state": {
        this.#states.push(...(event.providerState ?? []));
        if (event.citations === undefined || this.#start?.kind !== "text") return "";
        const { items, hasLoss } = writeCitations(event.citations);
        if (hasLoss) this.#context.notice("dropped", "citations");
        return items.map((citation) => this.#delta({ citation })).join("");
      }
      case "part-ended":
        return this.#end();
    }
  }

  #open(start: Start, states: readonly ProviderState[] | undefined): string {
    this.#start = start;
    this.#states = [...(states ?? [])];
    this.#isWritten = false;
    if (start.kind === "whole") return this.#whole(start.part);
    if (start.kind !== "tool-call") return "";
    this.#hasToolCall = true;
    const toolUse = { toolUseId: start.id, name: start.name };
    return this.#blockStart({ toolUse });
  }

  #text(text: string): string {
    switch (this.#start?.kind) {
      case "text":
      case "refusal":
        return this.#delta({ text });
      case "reasoning":
        return this.#delta({ reasoningContent: { text } });
      case "tool-call":
        return this.#delta({ toolUse: { input: text } });
      default:
        return "";
    }
  }

  #end(): string {
    const states = ownStates(this.#states, this.#context);
    const deltas = this.#start?.kind === "reasoning" ? states.map(stateDelta) : [];
    const last = deltas.map((delta) => this.#delta(delta)).join("");
    if (!this.#isWritten) return last;
    const stop = frame("contentBlockStop", { contentBlockIndex: this.#nextIndex });
    this.#nextIndex += 1;
    return last + stop;
  }

  /** Blocks that came whole: only some kinds can be streamed. */
  #whole(part: Extract<Start, { kind: "whole" }>["part"]): string {
    this.#hasToolCall ||= part.kind === "tool-call";
    const block = replyBlock(part, this.#context);
    if (block === undefined) return "";
    const [kind = ""] = Object.keys(block);
    const value = asObject(block[kind]);
    if (kind === "text") return this.#delta({ text: block["text"] });
    if (value === undefined) return "";
    if (kind === "toolUse") {
      const { input, ...start } = value;
      const delta = { toolUse: { input: JSON.stringify(input ?? {}) } };
      return this.#blockStart({ toolUse: start }) + this.#delta(delta);
    }
    if (kind === "toolResult") {
      const { content, ...start } = value;
      const delta = { toolResult: asArray(content) };
      return this.#blockStart({ toolResult: start }) + this.#delta(delta);
    }
    return this.#delta({ [kind]: value });
  }

  #messageEnd(): string {
    const { fields, isConverted } = writeStop(this.#stop, this.#hasToolCall);
    if (isConverted) this.#context.notice("converted", "stop_reason");
    const usage = this.#usage === undefined ? {} : { usage: writeUsage(this.#usage) };
    return frame("messageStop", fields) + frame("metadata", usage);
  }

  #blockStart(start: JsonObject): string {
    this.#isWritten = true;
    return frame("contentBlockStart", { start, contentBlockIndex: this.#nextIndex });
  }

  #delta(delta: Record<string, Json | undefined>): string {
    this.#isWritten = true;
    return frame("contentBlockDelta", { delta, contentBlockIndex: this.#nextIndex });
  }
}

function stateDelta(state: ProviderState): JsonObject {
  const key = state.kind === "redacted" ? "redactedContent" : "signature";
  return { reasoningContent: { [key]: state.value } };
}

function frame(name: string, data: JsonObject): string {
  return sseFrame(JSON.stringify(data), name);
}
