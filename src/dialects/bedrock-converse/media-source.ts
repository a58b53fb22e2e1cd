// Where images, documents, videos and sounds come from: bytes in base64, text, or an object in S3.

import { Buffer } from "node:buffer";
import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { MediaSource } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import { formatOf, isTextType, type MediaKind, mediaTypeOf } from "./media-format.ts";

const UNNAMED_TYPES: Readonly<Record<MediaKind, string>> = {
  image: "image/png",
  document: "text/plain",
  video: "video/mp4",
  audio: "audio/mpeg",
};

/**
 * Reads the source of a block.
 * @returns undefined for what the neutral form has no place for: a document in pieces, an object of
 *   another owner, a format that nobody else knows
 */
export function readSource(kind: MediaKind, block: JsonObject): MediaSource | undefined {
  const source = asObject(block["source"]) ?? {};
  const [[key, value] = ["", undefined], ...more] = Object.entries(source);
  if (more.length > 0) return undefined;
  const format = asString(block["format"]);
  const mediaType = format === undefined ? UNNAMED_TYPES[kind] : mediaTypeOf(kind, format);
  if (mediaType === undefined) return undefined;
  if (key === "bytes" && typeof value === "string") {
    return { from: "base64", mediaType, data: value };
  }
  if (key === "text" && typeof value === "string") return { from: "text", text: value, mediaType };
  const object = key === "s3Location" ? asObject(value) : undefined;
  const uri = asString(object?.["uri"]);
  if (uri === undefined || Object.keys(object ?? {}).length > 1) return undefined;
  return { from: "vendor-file", origin: BEDROCK_CONVERSE, id: uri, mediaType };
}

/** `format` and `source` of a block. */
export interface WrittenSource {
  readonly format: string;
  readonly source: JsonObject;
}

/**
 * Writes format and source.
 * @param isOwn true: text stays text; else it goes as bytes, which every model takes
 * @returns undefined when blocks of this kind cannot carry it: another type, an address on the web,
 *   another vendor's file
 */
export function writeSource(
  kind: MediaKind,
  source: MediaSource,
  isOwn: boolean,
): WrittenSource | undefined {
  switch (source.from) {
    case "base64": {
      const format = documentFormatOf(kind, source.mediaType);
      return format === undefined ? undefined : { format, source: { bytes: source.data } };
    }
    case "text": {
      const format = documentFormatOf(kind, source.mediaType);
      if (format === undefined) return undefined;
      if (isOwn) return { format, source: { text: source.text } };
      return { format, source: { bytes: Buffer.from(source.text).toString("base64") } };
    }
    case "url":
      return s3Source(kind, source.url, source.mediaType);
    case "vendor-file":
      if (source.origin !== BEDROCK_CONVERSE) return undefined;
      return s3Source(kind, source.id, source.mediaType);
  }
}

function s3Source(kind: MediaKind, uri: string, type: string | undefined) {
  if (!uri.startsWith("s3://")) return undefined;
  const extension = /\.(\w+)$/.exec(uri)?.[1]?.toLowerCase() ?? "";
  const named = mediaTypeOf(kind, extension === "jpg" ? "jpeg" : extension);
  const format = formatOf(kind, type ?? named ?? "");
  return format === undefined ? undefined : { format, source: { s3Location: { uri } } };
}

/** Text of any sort is a document, whether or not Bedrock has a name for the sort. */
function documentFormatOf(kind: MediaKind, mediaType: string): string | undefined {
  const format = formatOf(kind, mediaType);
  if (format !== undefined || kind !== "document") return format;
  return isTextType(mediaType) ? "txt" : undefined;
}
