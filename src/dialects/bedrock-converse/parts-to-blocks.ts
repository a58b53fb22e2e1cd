// Neutral parts as content blocks, without the state that requests and replies treat differently.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { TextPart, ToolCallPart } from "../neutral.ts";
import { writeCitations } from "./citations.ts";
import { toolIdentifier } from "./tool-identifiers.ts";

/** Where the member goes that holds arguments which are no JSON object. */
const WRAPPED_ARGUMENTS = "invalid_arguments";

/** A text block, or one with citations. */
export function textBlock(part: TextPart): {
  readonly block: JsonObject;
  readonly hasLoss: boolean;
} {
  if (part.citations === undefined) return { block: { text: part.text }, hasLoss: false };
  const { items, hasLoss } = writeCitations(part.citations);
  if (items.length === 0) return { block: { text: part.text }, hasLoss };
  const content = [{ text: part.text }];
  return { block: { citationsContent: { content, citations: [...items] } }, hasLoss };
}

/** A tool call block with the arguments as the object that Bedrock demands. */
export function callBlock(part: ToolCallPart, rest: JsonObject): JsonObject {
  const input = readArguments(part.argumentsJson).input;
  return { toolUse: { ...rest, toolUseId: toolIdentifier(part.id), name: part.name, input } };
}

/**
 * Arguments as an object. Nothing and `null` are no arguments; anything else that is no object is kept
 * under `invalid_arguments`, where the model sees what it wrote.
 */
export function readArguments(text: string): { input: JsonObject; isWrapped: boolean } {
  const value = parseArguments(text);
  if (value === null) return { input: {}, isWrapped: false };
  if (isJsonObject(value)) return { input: value, isWrapped: false };
  return { input: { [WRAPPED_ARGUMENTS]: value ?? text }, isWrapped: true };
}

function parseArguments(text: string): Json | undefined {
  if (text.trim() === "") return null;
  try {
    return parseInner(text);
  } catch {
    return undefined;
  }
}
