// Writes a chat stream: a chunk with the role, chunks with pieces, one with the finish reason, the usage
// if it was asked for, `[DONE]`.

import type { Json, JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { sseFrame } from "#wire/sse.ts";
import { joinCitations } from "../citations.ts";
import type { ClientContext, StreamEncoder } from "../dialect.ts";
import type {
  Citations,
  NeutralChoice,
  NeutralEvent,
  Part,
  PartStart,
  ProviderState,
} from "../neutral.ts";
import { AUDIO, CUSTOM_CALL } from "./assistant-message.ts";
import { writeAnnotations } from "./citations.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { writeExtraContent } from "./extra-content.ts";
import { writeUpstreamFault } from "./fault.ts";
import { writeDetail } from "./reasoning-details.ts";
import { blockedChoice, writePicture, writeStopMembers } from "./reply-from-neutral.ts";
import { writeStop } from "./stop-reason.ts";
import { writeUsage } from "./usage.ts";

type PartEvent<Type extends NeutralEvent["type"]> = Extract<NeutralEvent, { type: Type }>;

/** What is known of one choice. */
interface ChoiceState {
  /** The part that is open. */
  start: PartStart | undefined;
  /** Places among calls and among reasoning: chat counts each kind for itself. */
  calls: number;
  reasonings: number;
  hasRefusal: boolean;
  /** Text of the open part and of those before it: annotations count in all of it. */
  text: string;
  before: string;
  /** Told before or after the text that they belong to, and written behind it. */
  citations: Citations | undefined;
}

function newChoice(): ChoiceState {
  return {
    start: undefined,
    calls: 0,
    reasonings: 0,
    hasRefusal: false,
    text: "",
    before: "",
    citations: undefined,
  };
}

/** Writes one stream. */
export class ChatEncoder implements StreamEncoder {
  readonly #context: ClientContext;
  readonly #choices = new Map<number, ChoiceState>();
  #head = "";
  #usage: Usage | undefined;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  encode(event: NeutralEvent): string {
    switch (event.type) {
      case "message-started":
        return this.#startMessage(event);
      case "part-started":
        return this.#roleOf(event.choice) + this.#startPart(event);
      case "part-delta":
        return this.#delta(event.choice, this.#textDelta(event));
      case "part-state":
        return this.#addState(event);
      case "part-ended":
        return this.#endPart(event.choice);
      case "choice-ended":
        return this.#roleOf(event.choice) + this.#endChoice(event);
      case "usage":
        this.#usage = event.usage;
        return "";
      case "blocked":
        return this.#roleOf(0) + this.#endChoice({ ...blockedChoice(event.details), choice: 0 });
      case "unreadable":
        return "";
      case "faulted":
        return writeUpstreamFault(event.fault);
      case "message-ended":
        return `${this.#usageChunk()}data: [DONE]\n\n`;
    }
  }

  #startMessage(event: PartEvent<"message-started">): string {
    const head = JSON.stringify({
      id: event.id === "" ? `chatcmpl-${this.#context.requestId}` : event.id,
      object: "chat.completion.chunk",
      created: event.createdAt === 0 ? this.#context.nowSeconds : event.createdAt,
      model: event.model,
    });
    // All chunks begin alike, so that is written once.
    this.#head = head.slice(0, -1);
    return this.#roleOf(0);
  }

  /** The chunk that opens a choice, the first time that it is named. */
  #roleOf(choice: number): string {
    if (this.#choices.has(choice)) return "";
    this.#choices.set(choice, newChoice());
    return this.#delta(choice, { role: "assistant", content: "" });
  }

  #stateOf(choice: number): ChoiceState {
    const known = this.#choices.get(choice);
    return known ?? newChoice();
  }

  #delta(choice: number, delta: JsonObject | undefined): string {
    if (delta === undefined) return "";
    const entry = JSON.stringify({ index: choice, delta, logprobs: null, finish_reason: null });
    return `data: ${this.#head},"choices":[${entry}]}\n\n`;
  }

  #startPart(event: PartEvent<"part-started">): string {
    const { start, choice } = event;
    const state = this.#stateOf(choice);
    const states = event.providerState ?? [];
    state.start = start;
    switch (start.kind) {
      case "whole":
        return this.#whole(choice, start.part);
      case "tool-call": {
        const called = { name: start.name, arguments: "" };
        const call = { index: state.calls, id: start.id, type: "function", function: called };
        state.calls += 1;
        return this.#delta(choice, { tool_calls: [{ ...call, ...writeExtraContent(states) }] });
      }
      case "reasoning":
        state.reasonings += 1;
        return this.#delta(choice, this.#stateDelta(state, states));
      case "refusal":
        state.hasRefusal = true;
        return "";
      case "text":
        return this.#delta(choice, this.#stateDelta(state, states));
    }
  }

  #textDelta(event: PartEvent<"part-delta">): JsonObject | undefined {
    const state = this.#stateOf(event.choice);
    switch (state.start?.kind) {
      case "text":
        state.text += event.text;
        return { content: event.text };
      case "refusal":
        return { refusal: event.text };
      case "tool-call":
        return {
          tool_calls: [{ index: state.calls - 1, function: { arguments: event.text } }],
        };
      case "reasoning": {
        const detail = writeDetail(event.text, false, [], state.reasonings - 1);
        return {
          reasoning_content: event.text,
          reasoning: event.text,
          reasoning_details: [detail],
        };
      }
      default:
        return undefined;
    }
  }

  #addState(event: PartEvent<"part-state">): string {
    const state = this.#stateOf(event.choice);
    if (event.citations !== undefined) {
      state.citations = joinCitations(state.citations, event.citations);
    }
    return this.#delta(event.choice, this.#stateDelta(state, event.providerState ?? []));
  }

  #endPart(choice: number): string {
    const state = this.#stateOf(choice);
    if (state.start?.kind !== "text") return "";
    const annotations = writeAnnotations(state.citations, state, this.#context);
    state.before += state.text;
    state.text = "";
    state.citations = undefined;
    return annotations.length === 0 ? "" : this.#delta(choice, { annotations: [...annotations] });
  }

  /** State of the open part, where a chunk has a place for it. */
  #stateDelta(state: ChoiceState, states: readonly ProviderState[]): JsonObject | undefined {
    const { start } = state;
    if (states.length === 0) return undefined;
    if (start?.kind === "reasoning") {
      const detail = writeDetail("", start.redacted, states, state.reasonings - 1);
      return { reasoning_details: [detail] };
    }
    const extra = writeExtraContent(states);
    if (extra["extra_content"] === undefined) return undefined;
    if (start?.kind === "tool-call") return { tool_calls: [{ index: state.calls - 1, ...extra }] };
    return start?.kind === "text" ? extra : undefined;
  }

  /** A part that arrives in one piece is written as if it had come in pieces. */
  #whole(choice: number, part: Part): string {
    if (part.kind === "image") {
      const images: Json[] = writePicture(part, this.#context);
      return this.#delta(choice, images.length > 0 ? { images } : undefined);
    }
    if (part.kind === "vendor") return this.#wholeVendorPart(choice, part);
    const start = startOf(part);
    if (start === undefined) {
      this.#context.notice("dropped", part.kind);
      return "";
    }
    const place = { choice, index: 0 };
    const states = part.providerState === undefined ? {} : { providerState: part.providerState };
    const text = part.kind === "tool-call" ? part.argumentsJson : "text" in part ? part.text : "";
    const opened = this.#startPart({ type: "part-started", ...place, start, ...states });
    if (text === "") return opened;
    return opened + this.#delta(choice, this.#textDelta({ type: "part-delta", ...place, text }));
  }

  #wholeVendorPart(choice: number, part: Extract<Part, { kind: "vendor" }>): string {
    if (part.origin === OPENAI_CHAT && part.name === AUDIO) {
      return this.#delta(choice, { [AUDIO]: part.value });
    }
    if (part.origin === OPENAI_CHAT && part.name === CUSTOM_CALL) {
      return this.#delta(choice, { tool_calls: [part.value] });
    }
    this.#context.notice("dropped", part.name);
    return "";
  }

  #endChoice(
    end: Pick<NeutralChoice, "stop" | "stopSequence" | "stopDetails"> & { choice: number },
  ): string {
    if (end.stop === "pause") this.#context.notice("converted", "stop_reason");
    const entry = JSON.stringify({
      index: end.choice,
      delta: {},
      logprobs: null,
      finish_reason: writeStop(end.stop, this.#stateOf(end.choice).hasRefusal),
      ...writeStopMembers(end),
    });
    return `data: ${this.#head},"choices":[${entry}]}\n\n`;
  }

  #usageChunk(): string {
    if (!this.#context.facts.wantsUsage || this.#usage === undefined) return "";
    const usage = JSON.stringify(writeUsage(this.#usage));
    const { sluice } = this.#context;
    const late = sluice === undefined ? "" : `,"sluice":${JSON.stringify(sluice())}`;
    return sseFrame(`${this.#head},"choices":[],"usage":${usage}${late}}`);
  }
}

/** How a part would have begun that could have come in pieces. */
function startOf(part: Part): PartStart | undefined {
  switch (part.kind) {
    case "text":
    case "refusal":
      return { kind: part.kind };
    case "reasoning":
      return { kind: "reasoning", redacted: part.redacted };
    case "tool-call":
      return { kind: "tool-call", id: part.id, name: part.name };
    default:
      return undefined;
  }
}
