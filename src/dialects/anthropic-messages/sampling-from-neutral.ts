// Sampling parameters, as far as Anthropic and the model take them.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Sampling } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";

/**
 * Writes sampling and stop sequences.
 * @param isThinking thinking and changed sampling exclude each other
 * @throws GatewayError `unsupported_feature` for several answers and for log probabilities
 */
export function writeSampling(
  request: NeutralRequest,
  isThinking: boolean,
  context: UpstreamContext,
): JsonObject {
  const { sampling } = request;
  if ((sampling.choices ?? 1) > 1) throw refusal("more than one answer", "n");
  if (sampling.logprobs !== undefined) throw refusal("log probabilities", "logprobs");
  announceUnknown(sampling, context);
  const isOwn = request.origin === ANTHROPIC_MESSAGES;
  return {
    ...writeStops(sampling, isOwn, context),
    ...writeShape(sampling, isThinking, isOwn, context),
  };
}

/** Parameters that Anthropic has no field for. A penalty of 0 changes nothing and needs no notice. */
function announceUnknown(sampling: Sampling, context: UpstreamContext): void {
  if (sampling.seed !== undefined) context.notice("dropped", "seed");
  if (sampling.logitBias !== undefined) context.notice("dropped", "logit_bias");
  if ((sampling.presencePenalty ?? 0) !== 0) context.notice("dropped", "presence_penalty");
  if ((sampling.frequencyPenalty ?? 0) !== 0) context.notice("dropped", "frequency_penalty");
}

function writeShape(
  sampling: Sampling,
  isThinking: boolean,
  isOwn: boolean,
  context: UpstreamContext,
): JsonObject {
  const { temperature, topP, topK } = isOwn ? sampling : effective(sampling);
  const given = [
    ["temperature", temperature],
    ["top_p", topP],
    ["top_k", topK],
  ] as const;
  const wanted = given.filter(([, value]) => value !== undefined);
  if (isOwn) return Object.fromEntries(wanted);
  const refused = wanted.filter(([name]) => isThinking || !takes(context.traits, name));
  for (const [name] of refused) context.notice("dropped", name);
  const taken = wanted.filter((one) => !refused.includes(one));
  const names = taken.map(([name]) => name);
  if (names.includes("temperature") && names.includes("top_p")) {
    // Models since Opus 4.1 take only one of the two.
    context.notice("dropped", "top_p");
    return clampTemperature(
      taken.filter(([name]) => name !== "top_p"),
      context,
    );
  }
  return clampTemperature(taken, context);
}

/** Values that change nothing are not sent, and are no loss. */
function effective(sampling: Sampling): Pick<Sampling, "temperature" | "topP" | "topK"> {
  return {
    ...(sampling.temperature !== undefined &&
      sampling.temperature !== 1 && { temperature: sampling.temperature }),
    ...(sampling.topP !== undefined && sampling.topP !== 1 && { topP: sampling.topP }),
    ...(sampling.topK !== undefined && { topK: sampling.topK }),
  };
}

function clampTemperature(
  wanted: readonly (readonly [string, number | undefined])[],
  context: UpstreamContext,
): JsonObject {
  const written: JsonObject = Object.fromEntries(wanted);
  const temperature = written["temperature"];
  if (typeof temperature !== "number" || (temperature >= 0 && temperature <= 1)) return written;
  context.notice("clamped", "temperature");
  return { ...written, temperature: Math.min(Math.max(temperature, 0), 1) };
}

/** Anthropic rejects sequences of white space alone. */
function writeStops(sampling: Sampling, isOwn: boolean, context: UpstreamContext): JsonObject {
  const given = sampling.stop ?? [];
  const stops = isOwn ? given : given.filter((sequence) => sequence.trim() !== "");
  if (stops.length < given.length) context.notice("dropped", "stop");
  return stops.length === 0 ? {} : { stop_sequences: [...stops] };
}

function refusal(what: string, param: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `Anthropic's models cannot give ${what}. Leave it out or ask for another model.`,
    { param },
  );
}
