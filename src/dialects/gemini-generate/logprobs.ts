// Log probabilities between Gemini's form and the neutral one, which is OpenAI's: a list of tokens,
// each with its alternatives.

import { Buffer } from "node:buffer";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import type { Fields } from "./fields.ts";

/** Reads `logprobsResult`. */
export function readLogprobs(result: Fields | undefined): JsonObject | undefined {
  if (result === undefined) return undefined;
  const chosen = result.objects("chosenCandidates");
  const top = result.objects("topCandidates");
  const content = chosen.map((candidate, position) => ({
    ...readToken(candidate),
    top_logprobs: (top[position]?.objects("candidates") ?? []).map(readToken),
  }));
  return content.length === 0 ? undefined : { content };
}

function readToken(candidate: Fields): { token: string; logprob: number; bytes: number[] } {
  const token = candidate.string("token") ?? "";
  const logprob = candidate.number("logProbability") ?? 0;
  return { token, logprob, bytes: [...Buffer.from(token, "utf8")] };
}

/** Writes `logprobsResult`; undefined when there is nothing in the neutral form to write. */
export function writeLogprobs(logprobs: Json | undefined): JsonObject | undefined {
  const tokens = asArray(asObject(logprobs)?.["content"]).map((entry) => asObject(entry) ?? {});
  if (tokens.length === 0) return undefined;
  return {
    chosenCandidates: tokens.map(writeToken),
    topCandidates: tokens.map((entry) => ({
      candidates: asArray(entry["top_logprobs"]).map((other) => writeToken(asObject(other) ?? {})),
    })),
  };
}

function writeToken(entry: JsonObject): JsonObject {
  return {
    token: asString(entry["token"]) ?? "",
    logProbability: asNumber(entry["logprob"]) ?? 0,
  };
}
