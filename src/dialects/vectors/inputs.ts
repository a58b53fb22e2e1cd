// What encoders of embedding requests share: what an input may be, the size of the vectors, and what is
// said about cutting.

import type { EmbeddingUpstreamContext } from "../embedding.ts";
import { cannotEmbed } from "../embedding.ts";
import type {
  EmbeddingInput,
  EmbeddingPart,
  NeutralEmbeddingRequest,
  Truncation,
} from "../neutral-embedding.ts";

type Kind = EmbeddingPart["kind"];
type PartOf<Kinds extends Kind> = Extract<EmbeddingPart, { readonly kind: Kinds }>;

const NAMES: Readonly<Record<Kind, string>> = {
  text: "text",
  tokens: "token numbers",
  image: "images",
  audio: "sound",
  video: "video",
  file: "files",
};

/**
 * The one part of an input, of a kind that the target takes. Several texts are one text for vendors that
 * know no parts.
 * @throws GatewayError `unsupported_feature` with the place of the input
 */
export function onlyInput<Kinds extends Kind>(
  input: EmbeddingInput,
  context: EmbeddingUpstreamContext,
  kinds: readonly Kinds[],
): PartOf<Kinds> {
  const [first, ...others] = input.parts;
  if (first === undefined) throw cannotEmbed(input.path, `"${input.path}" is empty.`);
  if (!isOf(first, kinds)) {
    const taken = kinds.map((kind) => NAMES[kind]).join(" or ");
    throw cannotEmbed(
      input.path,
      `${context.model} makes no vectors of ${NAMES[first.kind]} here, only of ${taken}.`,
    );
  }
  if (others.length === 0) return first;
  if (!input.parts.every((part) => part.kind === "text")) {
    throw cannotEmbed(input.path, `${context.model} takes one part for each vector, not several.`);
  }
  context.notice("converted", "parts");
  const text = input.parts.map((part) => (part.kind === "text" ? part.text : "")).join("\n");
  return { ...first, text };
}

/** The text of an input. @throws GatewayError `unsupported_feature` when it is anything else */
export function textOf(input: EmbeddingInput, context: EmbeddingUpstreamContext): string {
  return onlyInput(input, context, ["text"]).text;
}

function isOf<Kinds extends Kind>(
  part: EmbeddingPart,
  kinds: readonly Kinds[],
): part is PartOf<Kinds> {
  return (kinds as readonly Kind[]).includes(part.kind);
}

/**
 * The size to ask for, all inputs agreeing on it; undefined when there is nothing to say.
 * @throws GatewayError `unsupported_feature` when the model makes another size only
 */
export function sizeAsked(
  request: NeutralEmbeddingRequest,
  { model, traits }: EmbeddingUpstreamContext,
): number | undefined {
  const size = request.inputs[0]?.dimensions;
  const fixed = traits.fixedDimensions;
  if (size === undefined || fixed === undefined) return size;
  if (size === fixed) return undefined;
  const only = fixed === 0 ? "of one size only" : `of ${fixed} dimensions only`;
  throw cannotEmbed("dimensions", `${model} makes vectors ${only}, so not of ${size}.`);
}

/** For vendors that cut nothing: says so to who asked for it. */
export function tellUncut({ mode, isAsked }: Truncation, context: EmbeddingUpstreamContext): void {
  if (isAsked && mode !== "none") context.notice("dropped", "truncate");
}

/** For vendors that make floats only. @throws GatewayError `unsupported_feature` for other numbers */
export function onlyFloats({ wish }: NeutralEmbeddingRequest, context: EmbeddingUpstreamContext) {
  if (wish.numbers !== "float") {
    throw cannotEmbed("output_dtype", `${context.model} makes vectors of floats only.`);
  }
}
