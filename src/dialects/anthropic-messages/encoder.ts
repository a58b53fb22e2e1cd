// Writes a stream of the Messages API: `message_start`, blocks one at a time with contiguous indexes,
// `message_delta` with the final usage, `message_stop`.

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { usage } from "#core/usage.ts";
import type { ClientContext, StreamEncoder } from "../dialect.ts";
import type { NeutralEvent } from "../neutral.ts";
import { EncodedPart } from "./encoder-part.ts";
import { frame } from "./frame.ts";
import { messageId } from "./reply-from-neutral.ts";
import type { ReadStop } from "./stop-reason.ts";
import { writeBlocked, writeStop } from "./stop-reason.ts";
import { writeDeltaUsage, writeUsage } from "./usage.ts";

type StartEvent = Extract<NeutralEvent, { type: "message-started" }>;
type PartEvent = Extract<NeutralEvent, { index: number }>;

/**
 * One stream. A block opens with its first content: an empty one would be refused when the client sends
 * the conversation back. Faults are written by the dialect's `faultFrames`, not here.
 */
export class AnthropicEncoder implements StreamEncoder {
  readonly #context: ClientContext;
  /** Held back until content comes, because usage that is known early belongs into it. */
  #start: StartEvent | undefined;
  #usage: Usage | undefined;
  #part: EncodedPart | undefined;
  #nextIndex = 0;
  #hasToolCall = false;
  #hasRefusal = false;
  #stop: ReadStop | undefined;
  #blocked: JsonObject | undefined;
  #hasOtherChoices = false;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  encode(event: NeutralEvent): string {
    if ("choice" in event && event.choice !== 0) return this.#dropChoice();
    switch (event.type) {
      case "message-started":
        this.#start = event;
        return "";
      case "usage":
        this.#usage = event.usage;
        return "";
      case "choice-ended":
        this.#stop = event;
        return "";
      case "blocked":
        this.#blocked = event.details;
        return "";
      case "message-ended":
        return this.#messageStart() + this.#endPart() + this.#messageEnd();
      case "unreadable":
      case "faulted":
        return "";
      default:
        return this.#messageStart() + this.#partEvent(event);
    }
  }

  #messageStart(): string {
    const start = this.#start;
    if (start === undefined) return "";
    this.#start = undefined;
    const message = {
      id: messageId(start.id, this.#context),
      type: "message",
      role: "assistant",
      model: start.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: writeUsage(this.#usage),
    };
    return frame("message_start", { type: "message_start", message });
  }

  #partEvent(event: PartEvent): string {
    switch (event.type) {
      case "part-started": {
        const before = this.#endPart();
        this.#hasToolCall ||= kindOf(event) === "tool-call";
        this.#hasRefusal ||= kindOf(event) === "refusal";
        this.#part = new EncodedPart(event, this.#nextIndex, this.#context);
        return before + this.#part.begin();
      }
      case "part-delta":
        return this.#part?.text(event.text) ?? "";
      case "part-state":
        return this.#part?.state(event) ?? "";
      case "part-ended":
        return this.#endPart();
    }
  }

  #endPart(): string {
    const part = this.#part;
    if (part === undefined) return "";
    this.#part = undefined;
    const text = part.end();
    this.#nextIndex = part.nextIndex;
    return text;
  }

  #messageEnd(): string {
    const usageAtEnd = writeDeltaUsage(this.#usage ?? usage({}));
    const delta = this.#stopFields();
    return (
      frame("message_delta", { type: "message_delta", delta, usage: usageAtEnd }) +
      frame("message_stop", { type: "message_stop" })
    );
  }

  #stopFields(): JsonObject {
    if (this.#blocked !== undefined) return writeBlocked(this.#blocked);
    const ended = this.#stop ?? { stop: "unknown", vendorStop: "" };
    const content = { hasToolCall: this.#hasToolCall, hasRefusal: this.#hasRefusal };
    const { fields, isConverted } = writeStop(ended, content);
    if (isConverted) this.#context.notice("converted", "stop_reason");
    return fields;
  }

  #dropChoice(): string {
    if (!this.#hasOtherChoices) this.#context.notice("dropped", "choices");
    this.#hasOtherChoices = true;
    return "";
  }
}

function kindOf(event: Extract<NeutralEvent, { type: "part-started" }>): string {
  return event.start.kind === "whole" ? event.start.part.kind : event.start.kind;
}
