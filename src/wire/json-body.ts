// A request body: its text, its value, and where in the text each top-level member stands. Reads
// strictly, because a body that two parsers could read differently must never pass through.

import { invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Member } from "./json-scan.ts";
import { scanJson } from "./json-scan.ts";

/** A JSON object as text and as value. Offsets are UTF-16 code units of `text`. */
export interface JsonBody {
  /** The body as received, without a byte order mark. */
  readonly text: string;
  readonly json: JsonObject;
  /** Top-level members in the order of the text; no two have the same key. */
  readonly members: readonly Member[];
}

const DECODER = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a request body.
 * @throws GatewayError `invalid_request`: not UTF-8, not JSON, not an object, a key twice in one
 *   object (compared unescaped, at any depth; of the body itself also without regard to letter case),
 *   a key `__proto__`, or nested too deeply
 */
export function parseBody(bytes: Uint8Array): JsonBody {
  const text = decode(bytes);
  // The scan comes first: it bounds the depth before a recursive parser sees the text.
  const { members, problem } = scanJson(text);
  const json = parse(text);
  if (!isJsonObject(json)) throw invalidRequest("", "The body must be a JSON object.");
  if (problem !== undefined) throw problem;
  refuseLookalikes(members);
  return { text, json, members };
}

function decode(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw invalidRequest("", "The body is not valid UTF-8.");
  }
}

function parse(text: string): unknown {
  if (text === "") throw invalidRequest("", "The body is empty; send a JSON object.");
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would repeat a piece of the body.
    throw invalidRequest("", "The body is not valid JSON.");
  }
}

const PLAIN_KEY = /^[a-z0-9_]*$/;

/**
 * Some parsers take keys without regard to letter case (Go's encoding/json, with Unicode's simple
 * folding): to them `Model` beside `model` is the same member, and the last one counts.
 */
function refuseLookalikes(members: readonly Member[]): void {
  if (members.every(({ key }) => PLAIN_KEY.test(key))) return;
  const folded = new Set<string>();
  for (const { key } of members) {
    // The long s is the one letter that folds and that toLowerCase leaves alone.
    const plain = key.toLowerCase().replaceAll("\u017f", "s");
    if (folded.has(plain)) {
      const shown = key.slice(0, 80);
      throw invalidRequest(
        shown,
        `The key "${shown}" stands in the body twice, but for letter case.`,
      );
    }
    folded.add(plain);
  }
}
