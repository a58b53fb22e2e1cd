// The content of a message or of a tool's output, a string or a list of typed parts, as neutral parts.
// What the neutral form has no part for stays whole as a vendor part.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";
import type { CacheMark, MediaSource, Part, TextPart, VendorPart } from "../neutral.ts";
import { audioType, readUrl } from "../openai-chat/media-source.ts";
import { readAnnotations } from "./annotations.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";

const DETAILS: ReadonlySet<string> = new Set(["auto", "low", "high", "original"]);
const PDF = "application/pdf";

/**
 * Reads content. Empty text is left out, because some dialects refuse it and none says anything by it.
 * @throws GatewayError `invalid_request` with the path of a part that cannot be understood
 */
export function contentToParts(content: Json | undefined, path: string): Part[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ kind: "text", text: content }];
  if (!Array.isArray(content)) throw invalidRequest(path, `"${path}" must be a string or a list.`);
  return content.flatMap((item, index) => {
    const place = `${path}[${index}]`;
    if (!isJsonObject(item)) throw invalidRequest(place, `"${place}" must be an object.`);
    return readPart(item, place);
  });
}

/** The text parts of content that may hold nothing else (instructions). */
export function contentToTexts(content: Json | undefined, path: string): (TextPart | VendorPart)[] {
  return contentToParts(content, path).map((part) => {
    if (part.kind === "text" || part.kind === "vendor") return part;
    throw invalidRequest(path, `"${path}" may hold text only.`);
  });
}

/** Text with its annotations; nothing when there is no text. */
export function readText(part: JsonObject): TextPart | undefined {
  const text = asString(part["text"]) ?? "";
  if (text === "") return undefined;
  const annotations = asArray(part["annotations"]);
  const cache = cacheOf(part);
  return {
    kind: "text",
    text,
    ...(annotations.length > 0 && { citations: readAnnotations(annotations) }),
    ...(cache !== undefined && { cache }),
  };
}

function readPart(part: JsonObject, path: string): Part[] {
  const cache = cacheOf(part);
  const marked = cache === undefined ? {} : { cache };
  switch (part["type"]) {
    case "input_text":
    case "output_text":
    case "text":
    case "summary_text": {
      textOf(part, "text", path);
      const text = readText(part);
      return text === undefined ? [] : [text];
    }
    case "refusal":
      return [{ kind: "refusal", text: textOf(part, "refusal", path) }];
    case "input_image":
      return [{ ...readImage(part, path), ...marked }];
    case "input_file":
      return [{ ...readFile(part, path), ...marked }];
    case "input_audio":
      return [{ kind: "audio", source: readAudio(part, path), ...marked }];
    default:
      return [vendorPart(part, textOf(part, "type", path))];
  }
}

/** Anything that only this API has. */
export function vendorPart(value: JsonObject, name: string): VendorPart {
  return { kind: "vendor", origin: OPENAI_RESPONSES, name, value };
}

function textOf(owner: JsonObject, key: string, path: string): string {
  const text = asString(owner[key]);
  if (text !== undefined) return text;
  throw invalidRequest(`${path}.${key}`, `"${path}.${key}" must be a string.`);
}

function readImage(part: JsonObject, path: string): Part {
  const detail = asString(part["detail"]) ?? "";
  const detailed = isDetail(detail) ? { detail } : {};
  const id = asString(part["file_id"]);
  if (id !== undefined) return { kind: "image", source: storedFile(id), ...detailed };
  // Clients of the chat API put an object here.
  const url = asString(part["image_url"]) ?? asString(asObject(part["image_url"])?.["url"]) ?? "";
  return { kind: "image", source: urlOf(url, `${path}.image_url`, "image/png"), ...detailed };
}

function readFile(part: JsonObject, path: string): Part {
  const name = asString(part["filename"]);
  const named = name === undefined ? {} : { name };
  const id = asString(part["file_id"]);
  if (id !== undefined) return { kind: "file", source: storedFile(id), ...named };
  const url = asString(part["file_url"]);
  if (url !== undefined) {
    return { kind: "file", source: urlOf(url, `${path}.file_url`, PDF), ...named };
  }
  const data = textOf(part, "file_data", path);
  const source = /^data:/i.test(data.slice(0, 5))
    ? urlOf(data, `${path}.file_data`, PDF)
    : { from: "base64" as const, mediaType: PDF, data };
  return { kind: "file", source, ...named };
}

function readAudio(part: JsonObject, path: string): MediaSource {
  const given = asObject(part["input_audio"]) ?? {};
  const format = textOf(given, "format", `${path}.input_audio`);
  const data = textOf(given, "data", `${path}.input_audio`);
  return { from: "base64", mediaType: audioType(format), data };
}

function storedFile(id: string): MediaSource {
  return { from: "vendor-file", origin: OPENAI_RESPONSES, id };
}

function urlOf(url: string, path: string, fallbackType: string): MediaSource {
  const source = url === "" ? undefined : readUrl(url, fallbackType);
  if (source !== undefined) return source;
  throw invalidRequest(path, `"${path}" must hold an address or a base64 data URI.`);
}

function cacheOf(part: JsonObject): CacheMark | undefined {
  return asObject(part["prompt_cache_breakpoint"]) === undefined ? undefined : { ttl: "5m" };
}

function isDetail(text: string): text is "auto" | "low" | "high" | "original" {
  return DETAILS.has(text);
}
