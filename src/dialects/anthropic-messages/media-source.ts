// Where images and documents come from: Anthropic's `source` objects and the neutral media sources.

import type { JsonObject } from "#core/json.ts";
import { asString } from "#core/json.ts";
import type { MediaSource } from "../neutral.ts";
import { textFromBase64 } from "./base64-text.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";

/** Image types that Anthropic takes (vendor's SDK types, 2026-11). */
const IMAGE_TYPES: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
]);
const PDF = "application/pdf";

/**
 * Reads a `source` object.
 * @returns undefined for sources that the neutral form has no place for (a document in blocks)
 */
export function readSource(source: JsonObject | undefined): MediaSource | undefined {
  const mediaType = asString(source?.["media_type"]);
  const data = asString(source?.["data"]);
  const url = asString(source?.["url"]);
  const id = asString(source?.["file_id"]);
  switch (source?.["type"]) {
    case "base64":
      if (data === undefined || mediaType === undefined) return undefined;
      return { from: "base64", mediaType, data };
    case "text":
      if (data === undefined) return undefined;
      return { from: "text", text: data, mediaType: mediaType ?? "text/plain" };
    case "url":
      return url === undefined ? undefined : { from: "url", url };
    case "file":
      return id === undefined ? undefined : { from: "vendor-file", origin: ANTHROPIC_MESSAGES, id };
    default:
      return undefined;
  }
}

/**
 * The `source` of an image block.
 * @returns undefined when Anthropic has none for it: another type, or a file at another vendor
 */
export function imageSource(source: MediaSource): JsonObject | undefined {
  if (source.from !== "base64") return linkedSource(source);
  if (!IMAGE_TYPES.has(source.mediaType)) return undefined;
  return { type: "base64", media_type: source.mediaType, data: source.data };
}

/**
 * The `source` of a document block: PDF, or plain text of any kind.
 * @returns undefined when Anthropic has none for it
 */
export function documentSource(source: MediaSource): JsonObject | undefined {
  if (source.from === "text") return textSource(source.text);
  if (source.from !== "base64") return linkedSource(source);
  if (source.mediaType === PDF) {
    return { type: "base64", media_type: PDF, data: source.data };
  }
  if (!isTextType(source.mediaType)) return undefined;
  const text = textFromBase64(source.data);
  return text === undefined ? undefined : textSource(text);
}

/** True for a file that is an image by its type, and belongs into an image block. */
export function isImageSource(source: MediaSource): boolean {
  return IMAGE_TYPES.has(source.mediaType ?? "");
}

function linkedSource(source: MediaSource): JsonObject | undefined {
  if (source.from === "url") {
    return /^https?:/i.test(source.url) ? { type: "url", url: source.url } : undefined;
  }
  const isOurs = source.from === "vendor-file" && source.origin === ANTHROPIC_MESSAGES;
  return isOurs ? { type: "file", file_id: source.id } : undefined;
}

function textSource(text: string): JsonObject {
  return { type: "text", media_type: "text/plain", data: text };
}

function isTextType(mediaType: string): boolean {
  return (
    mediaType.startsWith("text/") || /^application\/(?:.+\+)?(?:json|xml|yaml)$/.test(mediaType)
  );
}
