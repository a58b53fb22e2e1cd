// Vectors as numbers and as base64, exactly: 32-bit floats are little-endian, as OpenAI writes them,
// narrower types take a byte a number.

import type { VectorWish } from "#core/facts.ts";
import { MalformedReply } from "../embedding.ts";
import type { EmbeddingVector } from "../neutral-embedding.ts";

type Numbers = VectorWish["numbers"];

const FLOAT_BYTES = 4;
const LARGEST_FLOAT = 3.4028234663852886e38;

/** The numbers of a vector. @throws MalformedReply when it is no base64 of such numbers */
export function numbersOf(vector: EmbeddingVector, type: Numbers): readonly number[] {
  if (vector.form === "numbers") return vector.values;
  const bytes = bytesOf(vector.data);
  if (type !== "float") {
    return isSigned(type)
      ? Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length))
      : Array.from(bytes);
  }
  if (bytes.length % FLOAT_BYTES !== 0) throw unreadable();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Array<number>(bytes.length / FLOAT_BYTES);
  for (let place = 0; place < values.length; place += 1) {
    const value = view.getFloat32(place * FLOAT_BYTES, true);
    if (!Number.isFinite(value)) throw new MalformedReply("A vector holds what is no number.");
    values[place] = value;
  }
  return values;
}

/** The vector in base64. @throws MalformedReply for a number that the type cannot hold */
export function base64Of(vector: EmbeddingVector, type: Numbers): string {
  if (vector.form === "base64") {
    // What passes through as it came is still looked at: no client could tell bad bytes from good.
    numbersOf(vector, type);
    return vector.data;
  }
  const { values } = vector;
  if (type !== "float") return narrow(values, type).toBase64();
  const bytes = new Uint8Array(values.length * FLOAT_BYTES);
  const view = new DataView(bytes.buffer);
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place] ?? 0;
    if (Math.abs(value) > LARGEST_FLOAT) {
      throw new MalformedReply("A vector holds a number beyond 32-bit floats.");
    }
    view.setFloat32(place * FLOAT_BYTES, value, true);
  }
  return bytes.toBase64();
}

/** How many numbers a vector has, from its length alone; bits are packed, eight to a number. */
export function sizeOf(vector: EmbeddingVector, type: Numbers): number {
  const isPacked = type === "binary" || type === "ubinary";
  const count =
    vector.form === "numbers"
      ? vector.values.length
      : byteLength(vector.data) / (type === "float" ? FLOAT_BYTES : 1);
  return isPacked ? count * 8 : count;
}

function byteLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

/** True for a list of nothing but finite numbers. */
export function isNumbers(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  for (const item of value) {
    if (typeof item !== "number" || !Number.isFinite(item)) return false;
  }
  return true;
}

function narrow(values: readonly number[], type: Numbers): Uint8Array {
  const [least, most] = isSigned(type) ? [-128, 127] : [0, 255];
  const bytes = new Uint8Array(values.length);
  for (const [place, value] of values.entries()) {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new MalformedReply(`A vector holds a number that is no ${type}.`);
    }
    bytes[place] = value;
  }
  return bytes;
}

function isSigned(type: Numbers): boolean {
  return type === "int8" || type === "binary";
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    throw unreadable();
  }
}

function unreadable(): MalformedReply {
  return new MalformedReply("A vector is no base64 of such numbers.");
}
