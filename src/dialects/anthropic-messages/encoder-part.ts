// One part of a stream as the frames of its blocks.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralEvent, ProviderState } from "../neutral.ts";
import { writeCitations } from "./citations.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { frame } from "./frame.ts";
import { restOf } from "./provider-state.ts";
import { reasoningSeal, replyBlocks, stateBlock } from "./reply-part.ts";
import { UNSIGNED } from "./state-envelope.ts";
import { toolIdentifier } from "./tool-identifiers.ts";

type Started = Extract<NeutralEvent, { type: "part-started" }>;
type Stated = Extract<NeutralEvent, { type: "part-state" }>;

/** A part between its start and its end. */
export class EncodedPart {
  /** Index of the block after the last one that was written. */
  nextIndex: number;
  readonly #start: Started["start"];
  readonly #context: ClientContext;
  /** State that came before the first content, and so can stand before its block. */
  #states: ProviderState[];
  #isOpen = false;

  constructor(event: Started, nextIndex: number, context: ClientContext) {
    this.#start = event.start;
    this.#states = [...(event.providerState ?? [])];
    this.#context = context;
    this.nextIndex = nextIndex;
  }

  /** A tool call is announced at once; a whole part is written at once. */
  begin(): string {
    if (this.#start.kind === "tool-call") return this.#open();
    if (this.#start.kind !== "whole") return "";
    const states = [...(this.#start.part.providerState ?? []), ...this.#states];
    const part =
      states.length === 0 ? this.#start.part : { ...this.#start.part, providerState: states };
    this.#states = [];
    return replyBlocks(part, this.#context)
      .map((block) => this.#wholeBlock(block))
      .join("");
  }

  text(text: string): string {
    const member = DELTAS[this.#start.kind];
    if (text === "" || member === undefined) return "";
    return this.#open() + this.#delta({ type: member.type, [member.key]: text });
  }

  state(event: Stated): string {
    this.#states.push(...(event.providerState ?? []));
    const citations = event.citations;
    if (citations === undefined || this.#start.kind !== "text") return "";
    const written = writeCitations(citations, this.#context);
    if (written.length === 0) return "";
    // What is written cannot be cut any more: the whole block is cited.
    if (citations.shared.some((citation) => citation.passage !== undefined)) {
      this.#context.notice("converted", "citations");
    }
    const begun = this.#open();
    return begun + written.map((citation) => this.#citation(citation)).join("");
  }

  #citation(citation: Json): string {
    return this.#delta({ type: "citations_delta", citation });
  }

  end(): string {
    if (this.#start.kind === "reasoning") return this.#endReasoning(this.#start.redacted);
    const place = this.#isOpen ? "previous" : "alone";
    const closing = this.#close();
    if (this.#start.kind !== "text" && this.#start.kind !== "tool-call") return closing;
    return closing + this.#stateBlock(place);
  }

  #endReasoning(isRedacted: boolean): string {
    const seal = reasoningSeal(this.#states, this.#context);
    const rest = restOf(this.#states);
    if (isRedacted) {
      if (seal === undefined) return "";
      return this.#wholeBlock({ ...rest, type: "redacted_thinking", data: seal });
    }
    if (seal === undefined && !this.#isOpen) return "";
    const signature = seal ?? UNSIGNED;
    return this.#open() + this.#delta({ type: "signature_delta", signature }) + this.#close();
  }

  /** Opens the part's block if it is not open yet. A tool call stands behind its state, text before it. */
  #open(): string {
    if (this.#isOpen) return "";
    const before = this.#start.kind === "tool-call" ? this.#stateBlock("next") : "";
    this.#isOpen = true;
    return before + this.#blockStart(this.#emptyBlock());
  }

  #emptyBlock(): JsonObject {
    if (this.#start.kind === "reasoning") return { type: "thinking", thinking: "", signature: "" };
    if (this.#start.kind !== "tool-call") return { type: "text", text: "" };
    const { id, name } = this.#start;
    const rest = restOf(this.#states);
    this.#states = [];
    return { ...rest, type: "tool_use", id: toolIdentifier(id), name, input: {} };
  }

  #stateBlock(place: "next" | "previous" | "alone"): string {
    const block = stateBlock(place, this.#states, this.#context);
    if (block === undefined) return "";
    this.#states = this.#states.filter(({ origin }) => origin === ANTHROPIC_MESSAGES);
    return this.#wholeBlock(block);
  }

  #wholeBlock(block: JsonObject): string {
    const { shell, deltas } = unfold(block);
    return (
      this.#blockStart(shell) + deltas.map((delta) => this.#delta(delta)).join("") + this.#stop()
    );
  }

  #close(): string {
    if (!this.#isOpen) return "";
    this.#isOpen = false;
    return this.#stop();
  }

  #blockStart(block: JsonObject): string {
    const index = this.nextIndex;
    return frame("content_block_start", {
      type: "content_block_start",
      index,
      content_block: block,
    });
  }

  #delta(delta: JsonObject): string {
    const index = this.nextIndex;
    return frame("content_block_delta", { type: "content_block_delta", index, delta });
  }

  #stop(): string {
    const index = this.nextIndex;
    this.nextIndex += 1;
    return frame("content_block_stop", { type: "content_block_stop", index });
  }
}

const DELTAS: Readonly<
  Record<string, { readonly type: string; readonly key: string } | undefined>
> = {
  text: { type: "text_delta", key: "text" },
  refusal: { type: "text_delta", key: "text" },
  reasoning: { type: "thinking_delta", key: "thinking" },
  "tool-call": { type: "input_json_delta", key: "partial_json" },
};

/**
 * A whole block as the vendor streams it: a shell, and deltas for what clients gather from deltas.
 * Blocks that the vendor sends whole have no deltas.
 */
function unfold(block: JsonObject): { shell: JsonObject; deltas: JsonObject[] } {
  const input = asObject(block["input"]);
  if (input !== undefined) {
    const delta = { type: "input_json_delta", partial_json: JSON.stringify(input) };
    return { shell: { ...block, input: {} }, deltas: [delta] };
  }
  if (block["type"] === "thinking") {
    const shell = { ...block, thinking: "", signature: "" };
    return { shell, deltas: thinkingDeltas(block) };
  }
  if (block["type"] !== "text") return { shell: block, deltas: [] };
  const cited = asArray(block["citations"]).map((citation: Json) => ({
    type: "citations_delta",
    citation,
  }));
  const text = { type: "text_delta", text: asString(block["text"]) ?? "" };
  const { citations: _citations, ...rest } = block;
  return { shell: { ...rest, text: "" }, deltas: [...cited, text] };
}

function thinkingDeltas(block: JsonObject): JsonObject[] {
  const thinking = asString(block["thinking"]) ?? "";
  const signature = asString(block["signature"]) ?? "";
  return [
    ...(thinking === "" ? [] : [{ type: "thinking_delta", thinking }]),
    ...(signature === "" ? [] : [{ type: "signature_delta", signature }]),
  ];
}
