// Parts of a user's turn or of a tool's result as message content.

import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type {
  FilePart,
  ImagePart,
  MediaSource,
  Part,
  TextPart,
  ToolResultPart,
} from "../neutral.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { audioFormat, writeUrl } from "./media-source.ts";
import { cacheControl } from "./quirks.ts";
import { unsupported } from "./tools.ts";

/** Content that is not text, which a `tool` message may not hold. */
export type MediaPart = Exclude<ToolResultPart["content"][number], { kind: "text" }>;

/**
 * Writes content: a string where there is nothing but one text, else a list.
 * @throws GatewayError `unsupported_feature` for what a chat message cannot hold
 */
export function partsToContent(parts: readonly Part[], context: UpstreamContext): Json {
  const [only] = parts;
  if (parts.length === 0) return "";
  if (parts.length === 1 && only?.kind === "text") {
    const written = writeText(only, context);
    return written["cache_control"] === undefined ? only.text : [written];
  }
  return parts.map((part) => writePart(part, context));
}

function writePart(part: Part, context: UpstreamContext): JsonObject {
  switch (part.kind) {
    case "text":
      return writeText(part, context);
    case "image":
      return writeImage(part, context);
    case "audio":
      return writeAudio(part.source, context);
    case "video":
      return { type: "video_url", video_url: { url: urlOf(part.source, "This video") } };
    case "file":
      return writeFile(part, context);
    case "vendor":
      if (part.origin === OPENAI_CHAT) return part.value;
      throw unsupported(`Content of type "${part.name}"`);
    default:
      throw unsupported(`A ${part.kind} part in a message of the user`);
  }
}

/** Text, with a notice for what goes with it and has no place here. */
export function writeText(part: TextPart, context: UpstreamContext): JsonObject {
  if (part.citations !== undefined) context.notice("dropped", "citations");
  return { type: "text", text: part.text, ...cacheControl(part.cache, context) };
}

function writeImage(part: ImagePart, context: UpstreamContext): JsonObject {
  const url = urlOf(part.source, "This image");
  return {
    type: "image_url",
    image_url: { url, ...(part.detail !== undefined && { detail: part.detail }) },
    ...cacheControl(part.cache, context),
  };
}

function urlOf(source: MediaSource, what: string): string {
  const url = writeUrl(source);
  if (url === undefined) throw unsupported(`${what}, which is stored at another vendor,`);
  return url;
}

function writeAudio(source: MediaSource, context: UpstreamContext): JsonObject {
  if (source.from !== "base64") throw unsupported("Audio that is not part of the request itself");
  if (context.traits.chat?.hasPlainAudio) return { type: "input_audio", input_audio: source.data };
  const format = audioFormat(source.mediaType);
  return { type: "input_audio", input_audio: { data: source.data, format } };
}

/** The text of a document under its title. */
export function titled(title: string | undefined, text: string): string {
  return title === undefined ? text : `${title}\n\n${text}`;
}

function writeFile(part: FilePart, context: UpstreamContext): JsonObject {
  const { source } = part;
  const cache = cacheControl(part.cache, context);
  if (source.from === "text") {
    context.notice("converted", "document");
    return { type: "text", text: titled(part.name, source.text), ...cache };
  }
  if (context.traits.chat?.hasDocumentUrls && source.from !== "vendor-file") {
    const named = part.name === undefined ? {} : { document_name: part.name };
    return { type: "document_url", document_url: urlOf(source, "This document"), ...named };
  }
  const filename = part.name === undefined ? {} : { filename: part.name };
  if (source.from === "vendor-file" && source.origin === OPENAI_CHAT) {
    return { type: "file", file: { file_id: source.id, ...filename }, ...cache };
  }
  const isAddress = source.from === "url" && context.traits.chat?.hasFileAddresses === true;
  if (source.from !== "base64" && !isAddress)
    throw unsupported("A file that is not part of the request itself");
  return { type: "file", file: { ...filename, file_data: writeUrl(source) ?? "" }, ...cache };
}
