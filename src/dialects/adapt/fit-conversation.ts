// The turns of a request as a model takes them: media that it cannot see refused, instructions between
// turns and begun answers said in another way, marks that mean nothing to it left out.

import { type Feature, supportOf, takes } from "#core/features.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { MediaSource, NeutralRequest, Part, TextPart, Turn, VendorPart } from "../neutral.ts";
import { refusal } from "./without.ts";

type Conversation = Pick<NeutralRequest, "instructions" | "turns" | "tools">;

/** @throws GatewayError `unsupported_feature` for what would be another conversation without it */
export function fitConversation(request: NeutralRequest, context: UpstreamContext): Conversation {
  refuseMedia(request.turns, context);
  const { instructions, tools } = request;
  const turns = fitPrefill(fitInstructions(request.turns, context), context);
  return withoutExtras({ instructions, tools, turns }, context);
}

/** A last turn of the assistant that the answer is to continue. */
function fitPrefill(turns: readonly Turn[], context: UpstreamContext): readonly Turn[] {
  const last = turns.at(-1);
  const isPrefill =
    last?.role === "assistant" && last.parts.length > 0 && last.parts.every(isPlainText);
  const support = supportOf(context.traits, "prefill");
  if (!isPrefill || support === "native" || support === "unknown") return turns;
  if (support === "none") throw refusal("answer that continues a begun one", "messages", context);
  context.notice("emulated", "prefill");
  const text =
    "Continue your last message exactly where it stops. Give only what follows, without repeating any of it.";
  return [...turns, { role: "user", parts: [{ kind: "text", text }] }];
}

function isPlainText(part: Part): boolean {
  return part.kind === "text" && part.text !== "";
}

/** Instructions between turns become words of the user. */
function fitInstructions(turns: readonly Turn[], context: UpstreamContext): readonly Turn[] {
  if (takes(context.traits, "system_between_turns")) return turns;
  if (!turns.some(({ role }) => role === "system")) return turns;
  if (supportOf(context.traits, "system_between_turns") === "none") {
    throw refusal("instructions between turns", "messages", context);
  }
  context.notice("converted", "system_turn");
  return turns.map((turn) => (turn.role === "system" ? inUsersWords(turn) : turn));
}

function inUsersWords({ parts }: Turn): Turn {
  const quoted = parts.map((part): Part => {
    return part.kind === "text" ? { ...part, text: `<system>\n${part.text}\n</system>` } : part;
  });
  return { role: "user", parts: quoted };
}

/** The conversation without the members that the model has no use for. */
function withoutExtras(given: Conversation, context: UpstreamContext): Conversation {
  const hasMarks = takes(context.traits, "cache_marks");
  const hasCitations = takes(context.traits, "citations");
  if (hasMarks && hasCitations) return given;
  let changed = 0;
  const bare = <Carrier extends { readonly cache?: unknown; readonly citations?: unknown }>(
    one: Carrier,
  ): Carrier => {
    const losesMark = !hasMarks && one.cache !== undefined;
    const losesCitations = !hasCitations && one.citations !== undefined;
    if (!losesMark && !losesCitations) return one;
    changed += 1;
    // The names that clients know them by.
    if (losesMark) context.notice("dropped", "cache_control");
    if (losesCitations) context.notice("dropped", "citations");
    const { cache, citations, ...rest } = one;
    return {
      ...rest,
      ...(!losesMark && cache !== undefined && { cache }),
      ...(!losesCitations && citations !== undefined && { citations }),
    } as unknown as Carrier;
  };
  const { instructions, tools, turns } = given;
  const conversation = {
    instructions: instructions.map((part) => bare<TextPart | VendorPart>(part)),
    tools: tools.map((tool) => bare(tool)),
    turns: turns.map((turn) => ({ ...turn, parts: turn.parts.map((part) => bare<Part>(part)) })),
  };
  return changed === 0 ? given : conversation;
}

const MEDIA: Readonly<Partial<Record<Part["kind"], Feature>>> = {
  image: "images",
  audio: "audio",
  file: "files",
  video: "video",
};

/** A document in words: every encoder can say it as text. */
function isText(part: Part): boolean {
  return part.kind === "file" && part.source.from === "text";
}

function refuseMedia(turns: readonly Turn[], context: UpstreamContext): void {
  let images = 0;
  for (const part of mediaOf(turns)) {
    const feature = MEDIA[part.kind];
    if (feature === undefined || isText(part)) continue;
    if (!takes(context.traits, feature)) throw refusal(feature, "messages", context);
    if (part.kind === "image") {
      refuseImage(part.source, context);
      images += 1;
    }
  }
  const most = context.traits.limits?.images ?? Number.POSITIVE_INFINITY;
  if (images > most) throw refusal(`place for more than ${most} images`, "messages", context);
}

/** What stands in a tool's result is to be seen as well. */
function* mediaOf(turns: readonly Turn[]): Iterable<Part> {
  for (const { parts } of turns) {
    for (const part of parts) {
      if (part.kind === "tool-result") yield* part.content;
      else yield part;
    }
  }
}

function refuseImage(source: MediaSource, context: UpstreamContext): void {
  if (source.from !== "base64") return;
  const { imageTypes, imageBase64Bytes = Number.POSITIVE_INFINITY } = context.traits.limits ?? {};
  const type = (source.mediaType.split(";")[0] ?? "").trim().toLowerCase();
  if (imageTypes !== undefined && !imageTypes.includes(type)) {
    throw refusal(`eye for images of the type ${type.slice(0, 60)}`, "messages", context);
  }
  if (source.data.length > imageBase64Bytes) {
    const what = `place for an image of more than ${imageBase64Bytes} bytes of base64`;
    throw refusal(what, "messages", context);
  }
}
