// Checks the items of an input and counts what is in them, in one walk.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asString, isJsonObject } from "#core/json.ts";
import { requiredString } from "../openai-chat/fields.ts";

/** What the model will read. */
export interface InputTally {
  /** UTF-16 code units. */
  text: number;
  images: number;
  audio: number;
  files: number;
}

/** Members that hold text for the model, in whatever item they stand. */
const TEXT_MEMBERS = ["name", "arguments", "input", "code", "text"] as const;
/** Opaque state: long, and no text. */
const SEALED = "encrypted_content";

/** @throws GatewayError `invalid_request` with the path of what is wrong */
export function tallyItem(item: JsonObject, index: number, tally: InputTally): void {
  if (isReference(item)) return;
  const type = item["type"] ?? undefined;
  if (type === undefined || type === "message") {
    const path = `input[${index}]`;
    requiredString(item, "role", path);
    tallyContent(item["content"], `${path}.content`, tally);
    return;
  }
  if (typeof type !== "string") {
    throw invalidRequest(`input[${index}].type`, `"input[${index}].type" must be a string.`);
  }
  if (type === "function_call_output" || type === "custom_tool_call_output") {
    tallyContent(item["output"], `input[${index}].output`, tally);
    return;
  }
  for (const member of TEXT_MEMBERS) tally.text += lengthOf(item[member]);
  if (type === "reasoning") {
    tallyTexts(item["summary"], tally);
    tallyTexts(item["content"], tally);
  } else if (item[SEALED] === undefined) tally.text += lengthOfRest(item);
}

/** True for nothing but the id of an item that the vendor stores. The type may be left out. */
export function isReference(item: JsonObject): boolean {
  const type = item["type"] ?? undefined;
  if (type !== undefined) return type === "item_reference";
  return "id" in item && Object.keys(item).every((key) => key === "id" || key === "type");
}

function tallyContent(content: Json | undefined, path: string, tally: InputTally): void {
  if (content === undefined || content === null) return;
  if (typeof content === "string") {
    tally.text += content.length;
    return;
  }
  if (!Array.isArray(content)) throw invalidRequest(path, `"${path}" must be a string or a list.`);
  for (const [position, part] of content.entries()) {
    if (!isJsonObject(part)) {
      throw invalidRequest(`${path}[${position}]`, `"${path}[${position}]" must be an object.`);
    }
    tallyPart(part, tally);
  }
}

function tallyPart(part: JsonObject, tally: InputTally): void {
  switch (part["type"]) {
    case "input_image":
      tally.images += 1;
      return;
    case "input_audio":
      tally.audio += 1;
      return;
    case "input_file":
      tally.files += 1;
      return;
    default:
      tally.text += lengthOf(part["text"]) + lengthOf(part["refusal"]);
  }
}

function tallyTexts(parts: Json | undefined, tally: InputTally): void {
  if (!Array.isArray(parts)) return;
  for (const part of parts) if (isJsonObject(part)) tally.text += lengthOf(part["text"]);
}

/** What the items of the vendor's own tools hold: results, tools, actions. */
function lengthOfRest(item: JsonObject): number {
  let length = 0;
  for (const key of Object.keys(item)) {
    const value = item[key];
    if (typeof value === "object" && value !== null) length += JSON.stringify(value).length;
    else if (key === "output") length += lengthOf(value);
  }
  return length;
}

function lengthOf(value: Json | undefined): number {
  return asString(value)?.length ?? 0;
}
