// Deterministic embeddings: texts that share words have vectors that point the same way.

import { asString, type Json, type JsonObject } from "#core/json.ts";
import { badRequest } from "./demo-fault.ts";
import { tokensOf } from "./tokens.ts";

const DEFAULT_DIMENSIONS = 256;
const MAX_DIMENSIONS = 4096;
const MAX_INPUTS = 2048;
const MAX_TOKENS_AN_INPUT = 8192;
/** Places of the vector that one word adds to. */
const PLACES_A_WORD = 4;

/** The reply to a request in OpenAI's embeddings form. @throws DemoFault when it is not in that form */
export function embeddingReply(body: JsonObject): JsonObject {
  const dimensions = readDimensions(body["dimensions"]);
  const format = body["encoding_format"] ?? "float";
  if (format !== "float" && format !== "base64") {
    throw badRequest("encoding_format must be float or base64.");
  }
  let tokens = 0;
  const data = readInputs(body["input"]).map((input, index) => {
    const words = wordsOf(input);
    tokens += words.length;
    const vector = unitVector(words, dimensions);
    const embedding = format === "float" ? [...vector] : littleEndian(vector);
    return { object: "embedding", index, embedding };
  });
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { object: "list", data, model: asString(body["model"]) ?? "", usage };
}

type Input = string | readonly number[];

function readInputs(input: Json | undefined): readonly Input[] {
  const inputs = isTokenList(input) || typeof input === "string" ? [input] : input;
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > MAX_INPUTS) {
    throw badRequest(`input must be a text, token numbers, or 1 to ${MAX_INPUTS} of either.`);
  }
  return inputs.map((entry) => {
    if (isTokenList(entry) || (typeof entry === "string" && entry !== "")) return entry;
    throw badRequest("Each input must be a text that is not empty, or a list of token numbers.");
  });
}

function isTokenList(value: Json | undefined): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isInteger);
}

function readDimensions(value: Json | undefined): number {
  if (value === undefined || value === null) return DEFAULT_DIMENSIONS;
  if (
    typeof value === "number" &&
    Number.isInteger(value) &&
    value > 0 &&
    value <= MAX_DIMENSIONS
  ) {
    return value;
  }
  throw badRequest(`dimensions must be a whole number from 1 to ${MAX_DIMENSIONS}.`);
}

function wordsOf(input: Input): readonly string[] {
  const words =
    typeof input === "string"
      ? tokensOf(input, MAX_TOKENS_AN_INPUT + 1)
      : input.slice(0, MAX_TOKENS_AN_INPUT + 1).map(String);
  if (words.length > MAX_TOKENS_AN_INPUT) {
    throw badRequest(`Each input may have at most ${MAX_TOKENS_AN_INPUT} tokens.`);
  }
  return words;
}

/** Feature hashing: each word adds or takes one at a few places that its hash picks. */
function unitVector(words: readonly string[], dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions);
  for (const word of words) {
    let state = hashOf(word.trim().toLowerCase());
    for (let place = 0; place < PLACES_A_WORD; place += 1) {
      state = scramble(state);
      const index = (state >>> 1) % dimensions;
      sums[index] = (sums[index] ?? 0) + (state & 1 ? 1 : -1);
    }
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) return Float32Array.from(sums, (value) => value / length);
  // Everything cancelled out: any direction will do, as long as it is always the same.
  const fallback = new Float32Array(dimensions);
  fallback[0] = 1;
  return fallback;
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: every bit of the result depends on every bit of the state. */
function scramble(state: number): number {
  let mixed = (state + 0x9e3779b9) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function littleEndian(vector: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) bytes.setFloat32(index * 4, value, true);
  return new Uint8Array(bytes.buffer).toBase64();
}
