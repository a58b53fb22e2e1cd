// One neutral part as the block of a reply in this dialect.

import type { JsonObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { Part, ProviderState } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import { writeSource } from "./media-source.ts";
import { restOf } from "./own-state.ts";
import { callBlock, readArguments, textBlock } from "./parts-to-blocks.ts";

/** The block of a part; undefined when nothing of it can be told, with a notice. */
export function replyBlock(part: Part, context: ClientContext): JsonObject | undefined {
  const states = ownStates(part.providerState, context);
  switch (part.kind) {
    case "text": {
      const { block, hasLoss } = textBlock(part);
      if (hasLoss) context.notice("dropped", "citations");
      return block;
    }
    case "refusal":
      return { text: part.text };
    case "reasoning":
      return reasoningBlock(part.text, part.redacted, states);
    case "tool-call":
      if (readArguments(part.argumentsJson).isWrapped) {
        context.notice("converted", "tool_arguments");
      }
      return callBlock(part, restOf(states));
    case "image":
    case "audio":
    case "video": {
      const written = writeSource(part.kind, part.source, true);
      if (written !== undefined) return { [part.kind]: { ...restOf(states), ...written } };
      context.notice("dropped", part.kind);
      return undefined;
    }
    case "vendor":
      if (part.origin === BEDROCK_CONVERSE) return part.value;
      context.notice("dropped", part.name);
      return undefined;
    case "file":
    case "tool-result":
      context.notice("dropped", part.kind);
      return undefined;
  }
}

/** State of others has no place in this dialect. */
export function ownStates(
  states: readonly ProviderState[] | undefined,
  context: ClientContext,
): readonly ProviderState[] {
  const own = (states ?? []).filter(({ origin }) => origin === BEDROCK_CONVERSE);
  if (own.length < (states?.length ?? 0)) context.notice("dropped", "provider_state");
  return own;
}

/** Reasoning without text and without anything of Bedrock's own tells nothing. */
export function reasoningBlock(
  text: string,
  isRedacted: boolean,
  states: readonly ProviderState[],
): JsonObject | undefined {
  const stateOf = (kind: ProviderState["kind"]) => states.find((one) => one.kind === kind)?.value;
  if (isRedacted) {
    const redacted = stateOf("redacted");
    return redacted === undefined ? undefined : { reasoningContent: { redactedContent: redacted } };
  }
  const signature = stateOf("signature");
  if (text === "" && signature === undefined) return undefined;
  const reasoningText = { text, ...(signature !== undefined && { signature }) };
  return { reasoningContent: { reasoningText } };
}
