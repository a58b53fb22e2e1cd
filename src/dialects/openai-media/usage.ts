// Counters of images and sound as OpenAI reports them (openai/openai-openapi 2.3.0, 2026-08).

import type { Json, JsonObject } from "#core/json.ts";
import { asCount, asNumber, asObject, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { usage } from "#core/usage.ts";

/** What is billed by the time that the sound lasts, in whole seconds. */
export const AUDIO_SECONDS = "audio_seconds";

/** Reads a `usage` object: tokens by class, or seconds; undefined when there is none. */
export function readMediaUsage(value: Json | undefined): Usage | undefined {
  const counters = asObject(value);
  if (counters === undefined) return undefined;
  if (counters["type"] === "duration") return readSeconds(counters["seconds"]);
  const input = counters["input_tokens"] ?? counters["prompt_tokens"];
  const output = counters["output_tokens"] ?? counters["completion_tokens"] ?? 0;
  if (!isCount(input) || !isCount(output)) return undefined;
  const ofInput = detailsOf(counters, "input");
  const ofOutput = detailsOf(counters, "output");
  // Mistral bills what it hears by time, beside the tokens of what it writes.
  const seconds = asCount(counters["prompt_audio_seconds"]);
  const cached = Math.min(asCount(ofInput["cached_tokens"]), input);
  const ofCached = asObject(ofInput["cached_tokens_details"]) ?? {};
  const cachedAudio = asCount(ofCached["audio_tokens"]);
  const cachedImage = asCount(ofCached["image_tokens"]);
  return usage({
    inputTokens: Math.floor(input) - cached,
    cacheReadTokens: cached,
    cacheReadAudioTokens: cachedAudio,
    cacheReadImageTokens: cachedImage,
    outputTokens: Math.floor(output),
    inputAudioTokens: Math.max(0, asCount(ofInput["audio_tokens"]) - cachedAudio),
    inputImageTokens: Math.max(0, asCount(ofInput["image_tokens"]) - cachedImage),
    outputAudioTokens: asCount(ofOutput["audio_tokens"]),
    outputImageTokens: asCount(ofOutput["image_tokens"]),
    ...(seconds > 0 && { serverToolRequests: { [AUDIO_SECONDS]: seconds } }),
  });
}

/** Usage of sound that is billed by time; a part of a second counts as one. */
export function readSeconds(value: Json | undefined): Usage | undefined {
  const seconds = asNumber(value);
  if (seconds === undefined || !isCount(seconds)) return undefined;
  return usage({ serverToolRequests: { [AUDIO_SECONDS]: Math.ceil(seconds) } });
}

/** Images say `input_tokens_details`, sound says `input_token_details`. */
function detailsOf(counters: JsonObject, side: "input" | "output"): JsonObject {
  return (
    asObject(counters[`${side}_tokens_details`]) ??
    asObject(counters[`${side}_token_details`]) ??
    {}
  );
}
