// The messages of a request as turns. Cache points become marks of the part before them.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, isJsonObject } from "#core/json.ts";
import type { Part, TextPart, Turn, VendorPart } from "../neutral.ts";
import type { CallNames } from "./blocks-to-parts.ts";
import { readBlock, readInstruction } from "./blocks-to-parts.ts";
import { readCachePoint } from "./cache-point.ts";

/** Reads `messages`. A result's tool name is looked up from the calls before it. */
export function turnsFromMessages(messages: Json | undefined): Turn[] {
  const names: CallNames = new Map();
  return asArray(messages).map((entry) => {
    const message = asObject(entry) ?? {};
    const { role } = message;
    return {
      role: role === "assistant" || role === "system" ? role : "user",
      parts: readMarked(message["content"], (block): Part => readBlock(block, names)),
    };
  });
}

/** Reads `system`. */
export function readInstructions(system: Json | undefined): (TextPart | VendorPart)[] {
  return readMarked(system, readInstruction);
}

/** Blocks as parts, each cache point put on the part before it. */
function readMarked<P extends Part>(
  content: Json | undefined,
  read: (block: JsonObject) => P,
): P[] {
  const parts: P[] = [];
  for (const block of asArray(content).filter(isJsonObject)) {
    const cache = readCachePoint(block);
    const last = parts.at(-1);
    if (cache === undefined || last === undefined || last.cache !== undefined) {
      parts.push(read(block));
    } else parts[parts.length - 1] = { ...last, cache };
  }
  return parts;
}
