// One neutral part as the blocks of a reply to a client of this dialect. Foreign state goes along in
// envelopes, so that the client hands it back with the conversation.

import type { JsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { Part, ProviderState, ReasoningPart, TextPart } from "../neutral.ts";
import { citedPieces, writeCitations } from "./citations.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { callBlock, readArguments, textBlock } from "./parts-to-blocks.ts";
import { restOf } from "./provider-state.ts";
import type { StatePlace } from "./state-envelope.ts";
import { isSealable, sealStates, UNSIGNED } from "./state-envelope.ts";

/** The blocks of a part, in order; none when nothing of it can be told, with a notice. */
export function replyBlocks(part: Part, context: ClientContext): JsonObject[] {
  const states = part.providerState ?? [];
  switch (part.kind) {
    case "text":
      return textBlocks(part, context);
    case "refusal":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "reasoning":
      return reasoningBlocks(part, context);
    case "tool-call":
      if (readArguments(part.argumentsJson).isWrapped)
        context.notice("converted", "tool_arguments");
      return [
        stateBlock("next", states, context),
        { ...restOf(states), ...callBlock(part) },
      ].filter((block) => block !== undefined);
    case "vendor":
      if (part.origin === ANTHROPIC_MESSAGES) return [part.value];
      context.notice("dropped", part.name);
      return [];
    case "image":
    case "audio":
    case "video":
    case "file":
    case "tool-result":
      context.notice("dropped", part.kind);
      return [];
  }
}

/**
 * The opaque text that goes with reasoning: Anthropic's own as it came, or another vendor's in an
 * envelope; undefined when there is neither.
 */
export function reasoningSeal(
  states: readonly ProviderState[],
  context: ClientContext,
): string | undefined {
  const own = states.find(
    ({ origin, kind }) =>
      origin === ANTHROPIC_MESSAGES && (kind === "signature" || kind === "redacted"),
  );
  return own?.value ?? sealForeign("this", states, context);
}

/** A block that carries another vendor's state and nothing else; undefined when there is no such state. */
export function stateBlock(
  place: StatePlace,
  states: readonly ProviderState[],
  context: ClientContext,
): JsonObject | undefined {
  const signature = sealForeign(place, states, context);
  return signature === undefined ? undefined : { type: "thinking", thinking: "", signature };
}

function sealForeign(
  place: StatePlace,
  states: readonly ProviderState[],
  context: ClientContext,
): string | undefined {
  const foreign = states.filter((state) => state.origin !== ANTHROPIC_MESSAGES);
  const [first, ...more] = foreign.filter((state) => isSealable(state.origin));
  const same = more.filter((state) => state.origin === first?.origin);
  // An envelope names one origin; a part with state of two has been through two vendors already.
  const sealed = first === undefined ? [] : [first, ...same];
  if (sealed.length < foreign.length) context.notice("dropped", "provider_state");
  return first === undefined ? undefined : sealStates(place, [first, ...same]);
}

/** Text stays in front of its state: clients that want nothing but text look at the first block. */
function textBlocks(part: TextPart, context: ClientContext): JsonObject[] {
  const states = part.providerState ?? [];
  const carrier = stateBlock(part.text === "" ? "alone" : "previous", states, context);
  const blocks = part.text === "" ? [] : citedBlocks(part, carrier === undefined, context);
  return carrier === undefined ? blocks : [...blocks, carrier];
}

/** State belongs to the whole text, so that text with a carrier behind it is not cut into pieces. */
function citedBlocks(part: TextPart, mayCut: boolean, context: ClientContext): JsonObject[] {
  const block = { ...restOf(part.providerState), ...textBlock(part) };
  const { citations } = part;
  if (citations === undefined || citations.origin === ANTHROPIC_MESSAGES) return [block];
  if (mayCut) {
    return citedPieces(part.text, citations, context).map((piece) => ({
      type: "text",
      text: piece.text,
      ...(piece.citations.length > 0 && { citations: [...piece.citations] }),
    }));
  }
  const written = writeCitations(citations, context);
  return [written.length === 0 ? block : { ...block, citations: [...written] }];
}

function reasoningBlocks(part: ReasoningPart, context: ClientContext): JsonObject[] {
  const seal = reasoningSeal(part.providerState ?? [], context);
  const rest = restOf(part.providerState);
  if (part.redacted) {
    return seal === undefined ? [] : [{ ...rest, type: "redacted_thinking", data: seal }];
  }
  if (part.text === "" && seal === undefined) return [];
  return [{ ...rest, type: "thinking", thinking: part.text, signature: seal ?? UNSIGNED }];
}
