// The content of a message, a string or a list of typed parts, as neutral parts. What the neutral form
// has no part for stays whole as a vendor part.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";
import { isBase64 } from "../base64.ts";
import type {
  CacheMark,
  MediaSource,
  Part,
  ProviderState,
  TextPart,
  VendorPart,
} from "../neutral.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { audioType, readUrl } from "./media-source.ts";

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

function readPart(part: JsonObject, path: string): Part[] {
  const cache = cacheOf(part);
  const marked = cache === undefined ? {} : { cache };
  switch (part["type"]) {
    case "text": {
      const text = textOf(part, "text", path);
      return text === "" ? [] : [{ kind: "text", text, ...marked }];
    }
    case "refusal":
      return [{ kind: "refusal", text: textOf(part, "refusal", path) }];
    case "image_url":
      return [{ ...readImage(part, path), ...marked }];
    case "input_audio":
      return [{ kind: "audio", source: readAudio(part, path), ...marked }];
    case "file":
      return [{ ...readFile(part, path), ...marked }];
    case "document_url":
      return [{ kind: "file", source: urlOf(part["document_url"], `${path}.document_url`, PDF) }];
    case "video_url":
      return [
        { kind: "video", source: urlOf(part["video_url"], `${path}.video_url`, "video/mp4") },
      ];
    case "thinking":
      return [readThinking(part)];
    default:
      return [vendorPart(part, path)];
  }
}

function vendorPart(part: JsonObject, path: string): VendorPart {
  return { kind: "vendor", origin: OPENAI_CHAT, name: textOf(part, "type", path), value: part };
}

function textOf(owner: JsonObject, key: string, path: string): string {
  const text = asString(owner[key]);
  if (text !== undefined) return text;
  throw invalidRequest(`${path}.${key}`, `"${path}.${key}" must be a string.`);
}

function readImage(part: JsonObject, path: string): Part {
  const image = part["image_url"];
  const detail = asString(asObject(image)?.["detail"]) ?? "";
  return {
    kind: "image",
    source: urlOf(image, `${path}.image_url`, "image/png"),
    ...(isDetail(detail) && { detail }),
  };
}

/** An object with a `url`, or the address itself, as Mistral has it. */
function urlOf(value: Json | undefined, path: string, fallbackType: string): MediaSource {
  const url = asString(value) ?? asString(asObject(value)?.["url"]) ?? "";
  const source = url === "" ? undefined : readUrl(url, fallbackType);
  if (source === undefined) {
    throw invalidRequest(path, `"${path}" must hold an address or a base64 data URI.`);
  }
  if (source.from === "base64") checkBase64(source.data, path);
  return source;
}

function checkBase64(data: string, path: string): string {
  if (isBase64(data)) return data;
  throw invalidRequest(path, `"${path}" holds data that is not base64.`);
}

function readAudio(part: JsonObject, path: string): MediaSource {
  const audio = part["input_audio"];
  const plain = asString(audio);
  const place = `${path}.input_audio`;
  if (plain !== undefined) {
    return { from: "base64", mediaType: audioType("mp3"), data: checkBase64(plain, place) };
  }
  const given = asObject(audio) ?? {};
  const format = textOf(given, "format", place);
  const data = checkBase64(textOf(given, "data", place), `${place}.data`);
  return { from: "base64", mediaType: audioType(format), data };
}

function readFile(part: JsonObject, path: string): Part {
  const file = asObject(part["file"]) ?? {};
  const name = asString(file["filename"]);
  const id = asString(file["file_id"]);
  const named = name === undefined ? {} : { name };
  if (id !== undefined) {
    return { kind: "file", source: { from: "vendor-file", origin: OPENAI_CHAT, id }, ...named };
  }
  const data = textOf(file, "file_data", `${path}.file`);
  const source = /^(data:|https?:)/i.test(data.slice(0, 8))
    ? urlOf(data, `${path}.file.file_data`, PDF)
    : {
        from: "base64" as const,
        mediaType: PDF,
        data: checkBase64(data, `${path}.file.file_data`),
      };
  return { kind: "file", source, ...named };
}

/** Mistral's chunk, which may be signed. */
function readThinking(part: JsonObject): Part {
  const value = asString(part["signature"]) ?? "";
  const state: ProviderState = { origin: OPENAI_CHAT, kind: "signature", value };
  return {
    kind: "reasoning",
    text: thinkingOf(part["thinking"]),
    redacted: false,
    ...(value !== "" && { providerState: [state] }),
  };
}

/** Mistral's list of text chunks, or a string. */
function thinkingOf(value: Json | undefined): string {
  const plain = asString(value);
  if (plain !== undefined) return plain;
  return asArray(value)
    .map((chunk) => asString(asObject(chunk)?.["text"]) ?? "")
    .join("");
}

/** OpenRouter's `cache_control` and OpenAI's `prompt_cache_breakpoint`. */
export function cacheOf(owner: JsonObject): CacheMark | undefined {
  const control = asObject(owner["cache_control"]);
  if (control === undefined && asObject(owner["prompt_cache_breakpoint"]) === undefined) {
    return undefined;
  }
  return { ttl: control?.["ttl"] === "1h" ? "1h" : "5m" };
}

function isDetail(text: string): text is "auto" | "low" | "high" | "original" {
  return DETAILS.has(text);
}
