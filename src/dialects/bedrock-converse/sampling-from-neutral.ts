// Sampling parameters: those of Converse, and top_k where the model's maker has it.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Sampling } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";

/** The parts of a request that sampling decides. */
export interface WrittenSampling {
  /** Members of `inferenceConfig`. */
  readonly inference: JsonObject;
  /** Members of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
}

/**
 * Writes sampling and stop sequences.
 * @param isThinking Claude takes no changed sampling while it thinks
 * @throws GatewayError `unsupported_feature` for several answers and for log probabilities
 */
export function writeSampling(
  request: NeutralRequest,
  isThinking: boolean,
  context: UpstreamContext,
): WrittenSampling {
  const { sampling } = request;
  if ((sampling.choices ?? 1) > 1) throw refusal("more than one answer", "n");
  if (sampling.logprobs !== undefined) throw refusal("log probabilities", "logprobs");
  if (request.origin === BEDROCK_CONVERSE) return { inference: ownWords(sampling), fields: {} };
  announceUnknown(sampling, context);
  const isClaude = context.traits.family === "claude";
  const taken = (name: "temperature" | "top_p" | "top_k", value: number | undefined) => {
    if (value === undefined) return undefined;
    if (takes(context.traits, name) && !(isThinking && isClaude)) return value;
    context.notice("dropped", name);
    return undefined;
  };
  const temperature = clamped(taken("temperature", sampling.temperature), context);
  const topP = taken("top_p", sampling.topP);
  const topK = taken("top_k", sampling.topK);
  // Claude since Opus 4.1 takes only one of the two.
  const isTooMuch = isClaude && temperature !== undefined && topP !== undefined;
  if (isTooMuch) context.notice("dropped", "top_p");
  return {
    inference: {
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && !isTooMuch && { topP }),
      ...writeStops(sampling, context),
    },
    fields: topK === undefined ? {} : writeTopK(topK, context),
  };
}

function ownWords({ temperature, topP, stop }: Sampling): JsonObject {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(stop !== undefined && { stopSequences: [...stop] }),
  };
}

/** Parameters that Converse has no field for. A penalty of 0 changes nothing and needs no notice. */
function announceUnknown(sampling: Sampling, context: UpstreamContext): void {
  if (sampling.seed !== undefined) context.notice("dropped", "seed");
  if (sampling.logitBias !== undefined) context.notice("dropped", "logit_bias");
  if ((sampling.presencePenalty ?? 0) !== 0) context.notice("dropped", "presence_penalty");
  if ((sampling.frequencyPenalty ?? 0) !== 0) context.notice("dropped", "frequency_penalty");
}

function clamped(temperature: number | undefined, context: UpstreamContext): number | undefined {
  if (temperature === undefined) return undefined;
  const highest = context.traits.limits?.maxTemperature ?? 1;
  if (temperature >= 0 && temperature <= highest) return temperature;
  context.notice("clamped", "temperature");
  return Math.min(Math.max(temperature, 0), highest);
}

/** Each maker has its own place for it (Amazon Nova user guide, Anthropic's and Cohere's APIs, 2026-11). */
function writeTopK(topK: number, context: UpstreamContext): JsonObject {
  switch (context.traits.family) {
    case "claude":
    case "mixtral":
      return { top_k: topK };
    case "nova":
      return { inferenceConfig: { topK } };
    case "command":
      return { k: topK };
    default:
      context.notice("dropped", "top_k");
      return {};
  }
}

function writeStops(sampling: Sampling, context: UpstreamContext): JsonObject {
  const given = sampling.stop ?? [];
  const stops = given.filter((sequence) => sequence.trim() !== "");
  if (stops.length < given.length) context.notice("dropped", "stop");
  return stops.length === 0 ? {} : { stopSequences: stops };
}

function refusal(what: string, param: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `Bedrock cannot give ${what}. Leave it out or ask for another model.`,
    { param },
  );
}
