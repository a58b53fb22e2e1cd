// Neutral parts as content blocks, without the state that requests and replies treat differently.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { FilePart, ImagePart, TextPart, ToolCallPart } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { documentSource, imageSource, isImageSource } from "./media-source.ts";
import { toolIdentifier } from "./tool-identifiers.ts";

/** Where the member goes that holds arguments which are no JSON object. */
const WRAPPED_ARGUMENTS = "invalid_arguments";

/** A text block. Citations of another dialect are left out; see `hasForeignCitations`. */
export function textBlock(part: TextPart): JsonObject {
  const cited = part.citations?.origin === ANTHROPIC_MESSAGES ? part.citations.items : [];
  return { type: "text", text: part.text, ...(cited.length > 0 && { citations: [...cited] }) };
}

/** True when the part's citations have to be left out. */
export function hasForeignCitations(part: TextPart): boolean {
  return part.citations !== undefined && part.citations.origin !== ANTHROPIC_MESSAGES;
}

/** An image block; undefined when Anthropic cannot carry the image. */
export function imageBlock(part: ImagePart): JsonObject | undefined {
  const source = imageSource(part.source);
  return source === undefined ? undefined : { type: "image", source };
}

/** A document block, or an image block for a file that is one; undefined when neither fits. */
export function fileBlock(part: FilePart): JsonObject | undefined {
  if (isImageSource(part.source)) return imageBlock({ kind: "image", source: part.source });
  const source = documentSource(part.source);
  if (source === undefined) return undefined;
  return { type: "document", source, ...(part.name !== undefined && { title: part.name }) };
}

/** A tool call block with the arguments as the object that Anthropic demands. */
export function callBlock(part: ToolCallPart): JsonObject {
  const input = readArguments(part.argumentsJson).input;
  return { type: "tool_use", id: toolIdentifier(part.id), name: part.name, input };
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
