// Writes a stream for a Gemini client: SSE frames, or the pieces of one JSON array. Calls go out whole,
// finish reason and usage in the last chunk.

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { joinCitations, lengthIn } from "../citations.ts";
import type { ClientContext, StreamEncoder } from "../dialect.ts";
import type { Citations, NeutralEvent, Part, PartStart, ProviderState } from "../neutral.ts";
import { writeStopDetails } from "./candidate.ts";
import { EvidenceWriter } from "./citations.ts";
import { ClientParts } from "./parts-for-client.ts";
import { arrayReframer } from "./reframe.ts";
import { writeBlocked } from "./reply-from-neutral.ts";
import { writeUsage } from "./usage.ts";

type PartStarted = Extract<NeutralEvent, { type: "part-started" }>;
type ChoiceEnded = Extract<NeutralEvent, { type: "choice-ended" }>;

interface OpenPart {
  readonly start: PartStart;
  readonly states: ProviderState[];
  argumentsJson: string;
  /** Of a text part, which citations that come later point into. */
  text: string;
  citations: Citations | undefined;
}

interface Choice {
  readonly parts: ClientParts;
  readonly evidence: EvidenceWriter;
  /** Text of the parts that are over. */
  before: string;
  open: OpenPart | undefined;
  end: ChoiceEnded | undefined;
}

/** One instance a stream. */
export class GeminiEncoder implements StreamEncoder {
  readonly #context: ClientContext;
  readonly #array = arrayReframer();
  readonly #choices = new Map<number, Choice>();
  #head: JsonObject = {};
  #usage: Usage | undefined;
  #blocked: JsonObject | undefined;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  encode(event: NeutralEvent): string {
    switch (event.type) {
      case "message-started":
        return this.#begin(event);
      case "part-started":
        return this.#startPart(event);
      case "part-delta":
        return this.#addText(this.#choiceOf(event.choice), event.choice, event.text);
      case "part-state":
        return this.#keepState(this.#choiceOf(event.choice), event);
      case "part-ended":
        return this.#endPart(this.#choiceOf(event.choice), event.choice);
      case "choice-ended":
        this.#choiceOf(event.choice).end = event;
        return "";
      case "usage":
        this.#usage = event.usage;
        return "";
      case "blocked":
        this.#blocked = writeBlocked(event.details);
        return "";
      case "unreadable":
      case "faulted":
        // The gateway ends the stream with `faultFrames`.
        return "";
      case "message-ended":
        return this.#end();
    }
  }

  #begin(event: Extract<NeutralEvent, { type: "message-started" }>): string {
    const createdAt = new Date(event.createdAt * 1000).toISOString();
    this.#head = {
      modelVersion: event.model,
      ...(event.createdAt > 0 && { createTime: createdAt }),
      responseId: event.id === "" ? this.#context.requestId : event.id,
    };
    return "";
  }

  #choiceOf(index: number): Choice {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const made: Choice = {
      parts: new ClientParts(this.#context),
      evidence: new EvidenceWriter(this.#context),
      before: "",
      open: undefined,
      end: undefined,
    };
    this.#choices.set(index, made);
    return made;
  }

  #startPart(event: PartStarted): string {
    const choice = this.#choiceOf(event.choice);
    choice.open = {
      start: event.start,
      states: [...(event.providerState ?? [])],
      argumentsJson: "",
      text: "",
      citations: undefined,
    };
    return event.start.kind === "whole"
      ? this.#writePart(choice, event.choice, event.start.part)
      : "";
  }

  #addText(choice: Choice, index: number, text: string): string {
    const { open } = choice;
    if (open === undefined || text === "") return "";
    if (open.start.kind === "tool-call") {
      open.argumentsJson += text;
      return "";
    }
    const isThought = open.start.kind === "reasoning";
    if (!isThought) open.text += text;
    return this.#contentChunk(index, { text, ...(isThought && { thought: true }) });
  }

  #keepState(choice: Choice, event: Extract<NeutralEvent, { type: "part-state" }>): string {
    const { open } = choice;
    open?.states.push(...(event.providerState ?? []));
    if (open !== undefined && event.citations !== undefined) {
      open.citations = joinCitations(open.citations, event.citations);
    }
    return "";
  }

  /** State comes last: it belongs to all pieces of the part that went out before it. */
  #endPart(choice: Choice, index: number): string {
    const { open } = choice;
    choice.open = undefined;
    if (open === undefined || open.start.kind === "whole") return "";
    if (open.citations !== undefined) {
      const bytesBefore = lengthIn(choice.before, "utf-8");
      choice.evidence.add(open.citations, open.text, { bytesBefore });
    }
    choice.before += open.text;
    if (open.start.kind === "tool-call") {
      const { id, name } = open.start;
      const { argumentsJson, states: providerState } = open;
      return this.#writePart(choice, index, {
        kind: "tool-call",
        id,
        name,
        argumentsJson,
        providerState,
      });
    }
    const isRedacted = open.start.kind === "reasoning" && open.start.redacted;
    const state = choice.parts.state(open.states, false, isRedacted);
    if (Object.keys(state).length === 0) return "";
    const isThought = open.start.kind === "reasoning";
    return this.#contentChunk(index, { text: "", ...(isThought && { thought: true }), ...state });
  }

  #writePart(choice: Choice, index: number, part: Part): string {
    const written = choice.parts.write(part);
    return written === undefined ? "" : this.#contentChunk(index, written);
  }

  #contentChunk(index: number, part: JsonObject): string {
    const content = { parts: [part], role: "model" };
    return this.#frame({ candidates: [{ content, index }], ...this.#head });
  }

  #end(): string {
    const candidates = [...this.#choices].map(([index, choice]) => lastCandidate(index, choice));
    const last = this.#frame({
      ...(candidates.length > 0 && { candidates }),
      ...(this.#blocked !== undefined && { promptFeedback: this.#blocked }),
      ...(this.#usage !== undefined && { usageMetadata: writeUsage(this.#usage) }),
      ...this.#head,
    });
    return this.#context.framing === "sse" ? last : last + this.#array.end();
  }

  #frame(chunk: JsonObject): string {
    const text = JSON.stringify(chunk);
    return this.#context.framing === "sse" ? `data: ${text}\n\n` : this.#array.piece(text);
  }
}

function lastCandidate(index: number, choice: Choice): JsonObject {
  const { end } = choice;
  return {
    content: { parts: [{ text: "" }], role: "model" },
    finishReason: choice.parts.finishReason(end?.stop ?? "unknown", end?.vendorStop ?? ""),
    ...writeStopDetails(end?.stopDetails),
    ...choice.evidence.members(),
    index,
  };
}
