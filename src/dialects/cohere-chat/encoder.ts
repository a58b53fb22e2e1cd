// Writes a stream as Cohere does: an event with its type for every step, contents and calls numbered
// each for themselves.

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { sseFrame } from "#wire/sse.ts";
import type { ClientContext, StreamEncoder } from "../dialect.ts";
import type { NeutralEvent, Part, PartStart } from "../neutral.ts";
import { COHERE_CHAT } from "./dialect-id.ts";
import { writeUpstreamFault } from "./fault.ts";
import { writeContent } from "./reply-from-neutral.ts";
import { writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

/** Writes one stream. Answers beyond the first are left out: Cohere knows no others. */
export class CohereEncoder implements StreamEncoder {
  readonly #context: ClientContext;
  #open: PartStart | undefined;
  #contents = 0;
  #calls = 0;
  #citations = 0;
  #usage: Usage | undefined;
  #stop = "COMPLETE";

  constructor(context: ClientContext) {
    this.#context = context;
  }

  encode(event: NeutralEvent): string {
    if ("choice" in event && event.choice > 0) {
      if (event.type === "part-started") this.#context.notice("dropped", "choices");
      return "";
    }
    switch (event.type) {
      case "message-started":
        return this.#startMessage(event);
      case "part-started":
        return this.#startPart(event.start);
      case "part-delta":
        return this.#delta(event.text);
      case "part-state":
        return this.#addState(event);
      case "part-ended":
        return this.#endPart();
      case "choice-ended":
        this.#stop = writeStop(event.stop);
        return "";
      case "blocked":
        this.#stop = writeStop("content_filter");
        return "";
      case "usage":
        this.#usage = event.usage;
        return "";
      case "unreadable":
        return "";
      case "faulted":
        return writeUpstreamFault(event.fault);
      case "message-ended":
        return this.#endMessage();
    }
  }

  #startMessage(event: Extract<NeutralEvent, { type: "message-started" }>): string {
    const id = event.id === "" ? this.#context.requestId : event.id;
    const message = {
      role: "assistant",
      content: [],
      tool_plan: "",
      tool_calls: [],
      citations: [],
    };
    const model = event.model === "" ? {} : { model: event.model };
    return frame("message-start", { id, ...model, delta: { message } });
  }

  #startPart(start: PartStart): string {
    this.#open = start;
    switch (start.kind) {
      case "text":
      case "refusal":
        return this.#startContent({ type: "text", text: "" });
      case "reasoning":
        return this.#startContent({ type: "thinking", thinking: "" });
      case "tool-call": {
        const called = { name: start.name, arguments: "" };
        const call = { id: start.id, type: "function", function: called };
        return this.#call("tool-call-start", call);
      }
      case "whole":
        return this.#whole(start.part);
    }
  }

  #delta(text: string): string {
    switch (this.#open?.kind) {
      case "text":
      case "refusal":
        return this.#content("content-delta", { text });
      case "reasoning":
        return this.#content("content-delta", { thinking: text });
      case "tool-call":
        return this.#call("tool-call-delta", { function: { arguments: text } });
      default:
        return "";
    }
  }

  #endPart(): string {
    const kind = this.#open?.kind;
    this.#open = undefined;
    if (kind === "tool-call") {
      const index = this.#calls;
      this.#calls += 1;
      return frame("tool-call-end", { index });
    }
    if (kind === undefined || kind === "whole") return "";
    const index = this.#contents;
    this.#contents += 1;
    return frame("content-end", { index });
  }

  #addState(event: Extract<NeutralEvent, { type: "part-state" }>): string {
    if (event.providerState !== undefined) this.#context.notice("dropped", "provider_state");
    if (event.citations === undefined) return "";
    if (event.citations.origin !== COHERE_CHAT) {
      this.#context.notice("dropped", "citations");
      return "";
    }
    return event.citations.items
      .map((citation) => {
        const index = this.#citations;
        this.#citations += 1;
        const started = frame("citation-start", {
          index,
          delta: { message: { citations: citation } },
        });
        return started + frame("citation-end", { index });
      })
      .join("");
  }

  /** A part that arrives in one piece is written as if it had come in pieces. */
  #whole(part: Part): string {
    if (part.kind === "tool-call") {
      const { id, name, argumentsJson } = part;
      const opened = this.#startPart({ kind: "tool-call", id, name }) + this.#delta(argumentsJson);
      const closed = this.#endPart();
      this.#open = { kind: "whole", part };
      return opened + closed;
    }
    return writeContent(part, this.#context)
      .map((content) => {
        const written =
          this.#startContent(content) + frame("content-end", { index: this.#contents });
        this.#contents += 1;
        return written;
      })
      .join("");
  }

  #startContent(content: JsonObject): string {
    return this.#content("content-start", content);
  }

  #content(type: string, content: JsonObject): string {
    return frame(type, { index: this.#contents, delta: { message: { content } } });
  }

  #call(type: string, call: JsonObject): string {
    return frame(type, { index: this.#calls, delta: { message: { tool_calls: call } } });
  }

  #endMessage(): string {
    const usage = this.#usage === undefined ? {} : { usage: writeUsage(this.#usage) };
    return frame("message-end", { delta: { finish_reason: this.#stop, ...usage } });
  }
}

function frame(type: string, members: JsonObject): string {
  return sseFrame(JSON.stringify({ type, ...members }), type);
}
