// Writes a stream as Ollama does, one object a step, each in a frame of its own. Nobody calls in this
// dialect, so that what carries the objects is the form that all of Sluice's own streams have.

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { sseFrame } from "#wire/sse.ts";
import type { ClientContext, StreamEncoder } from "../dialect.ts";
import type { NeutralEvent, Part, StopReason } from "../neutral.ts";
import { writeUpstreamFault } from "./fault.ts";
import { writeCall } from "./message-parts.ts";
import { timeOf, writeMessage } from "./reply-from-neutral.ts";
import { writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

type Event<Type extends NeutralEvent["type"]> = Extract<NeutralEvent, { type: Type }>;

/** Writes one stream. Answers beyond the first are left out: Ollama knows no others. */
export class OllamaEncoder implements StreamEncoder {
  readonly #context: ClientContext;
  #model = "";
  #createdAt = "";
  #open: Event<"part-started">["start"] | undefined;
  /** Arguments of the open call: it goes out whole. */
  #arguments = "";
  #calls = 0;
  #stop: StopReason = "unknown";
  #usage: Usage | undefined;

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
        this.#model = event.model;
        this.#createdAt = timeOf(
          event.createdAt === 0 ? this.#context.nowSeconds : event.createdAt,
        );
        return "";
      case "part-started":
        return this.#startPart(event);
      case "part-delta":
        return this.#delta(event.text);
      case "part-state":
        this.#announce(event);
        return "";
      case "part-ended":
        return this.#endPart();
      case "choice-ended":
        this.#stop = event.stop;
        return "";
      case "blocked":
        this.#stop = "content_filter";
        return "";
      case "usage":
        this.#usage = event.usage;
        return "";
      case "unreadable":
        return "";
      case "faulted":
        return writeUpstreamFault(event.fault);
      case "message-ended":
        return this.#finish();
    }
  }

  #startPart(event: Event<"part-started">): string {
    this.#open = event.start;
    this.#arguments = "";
    if (event.providerState !== undefined) this.#context.notice("dropped", "provider_state");
    return event.start.kind === "whole" ? this.#whole(event.start.part) : "";
  }

  #delta(text: string): string {
    switch (this.#open?.kind) {
      case "text":
      case "refusal":
        return this.#line({ content: text });
      case "reasoning":
        return this.#line({ content: "", thinking: text });
      case "tool-call":
        this.#arguments += text;
        return "";
      default:
        return "";
    }
  }

  #endPart(): string {
    const start = this.#open;
    this.#open = undefined;
    if (start?.kind !== "tool-call") return "";
    const { id, name } = start;
    return this.#whole({ kind: "tool-call", id, name, argumentsJson: this.#arguments });
  }

  #whole(part: Part): string {
    if (part.kind === "tool-call") {
      const call = writeCall(part, this.#calls);
      this.#calls += 1;
      return this.#line({ content: "", tool_calls: [call] });
    }
    return this.#line(writeMessage([part], this.#context));
  }

  #announce(event: Event<"part-state">): void {
    if (event.providerState !== undefined) this.#context.notice("dropped", "provider_state");
    if (event.citations !== undefined) this.#context.notice("dropped", "citations");
  }

  #line(members: JsonObject, rest: JsonObject = { done: false }): string {
    const message = { role: "assistant", ...members };
    const head = { model: this.#model, created_at: this.#createdAt, message };
    return sseFrame(JSON.stringify({ ...head, ...rest }));
  }

  #finish(): string {
    const usage = this.#usage === undefined ? {} : writeUsage(this.#usage);
    return this.#line(
      { content: "" },
      { done: true, done_reason: writeStop(this.#stop), ...usage },
    );
  }
}
