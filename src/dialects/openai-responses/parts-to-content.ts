// Parts of a user's turn or of a tool's result as content.

import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { FilePart, ImagePart, Part, TextPart } from "../neutral.ts";
import { audioFormat, writeUrl } from "../openai-chat/media-source.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { unsupported } from "./tools-from-neutral.ts";

/**
 * Writes content: a string where there is nothing but one text, else a list.
 * @throws GatewayError `unsupported_feature` for what this API cannot hold
 */
export function partsToContent(parts: readonly Part[], context: UpstreamContext): Json {
  const [only] = parts;
  if (only === undefined) return "";
  if (parts.length === 1 && only.kind === "text") return textOf(only, context);
  return parts.map((part) => writePart(part, context));
}

function writePart(part: Part, context: UpstreamContext): JsonObject {
  switch (part.kind) {
    case "text":
      return { type: "input_text", text: textOf(part, context) };
    case "image":
      return writeImage(part, context);
    case "file":
      return writeFile(part, context);
    case "audio": {
      if (part.source.from !== "base64") {
        throw unsupported("Audio that is not part of the request itself");
      }
      const { data, mediaType } = part.source;
      return { type: "input_audio", input_audio: { data, format: audioFormat(mediaType) } };
    }
    case "vendor":
      if (part.origin === OPENAI_RESPONSES) return part.value;
      throw unsupported(`Content of type "${part.name}"`);
    default:
      throw unsupported(`A ${part.kind} part in a message of the user`);
  }
}

/** Text, with a notice for what goes with it and has no place here. */
export function textOf(part: TextPart, context: Pick<UpstreamContext, "notice">): string {
  if (part.cache !== undefined) context.notice("dropped", "cache_control");
  return part.text;
}

function writeImage(part: ImagePart, context: UpstreamContext): JsonObject {
  if (part.cache !== undefined) context.notice("dropped", "cache_control");
  const { source } = part;
  const detail = part.detail ?? "auto";
  if (source.from === "vendor-file" && source.origin === OPENAI_RESPONSES) {
    return { type: "input_image", file_id: source.id, detail };
  }
  const url = writeUrl(source);
  if (url === undefined) throw unsupported("This image, which is stored at another vendor,");
  return { type: "input_image", image_url: url, detail };
}

function writeFile(part: FilePart, context: UpstreamContext): JsonObject {
  if (part.cache !== undefined) context.notice("dropped", "cache_control");
  const { source, name } = part;
  const filename = name === undefined ? {} : { filename: name };
  switch (source.from) {
    case "text": {
      context.notice("converted", "document");
      const title = name === undefined ? "" : `${name}\n\n`;
      return { type: "input_text", text: title + source.text };
    }
    case "url":
      return { type: "input_file", file_url: source.url, ...filename };
    case "base64": {
      // Data without a name is refused.
      const data = { file_data: writeUrl(source) ?? "" };
      return { type: "input_file", filename: fileName(name, source.mediaType), ...data };
    }
    case "vendor-file":
      if (source.origin !== OPENAI_RESPONSES) {
        throw unsupported("This file, which is stored at another vendor,");
      }
      return { type: "input_file", file_id: source.id };
  }
}

function fileName(name: string | undefined, mediaType: string): string {
  return name ?? `file.${mediaType.slice(mediaType.indexOf("/") + 1).replace(/\W.*$/, "")}`;
}
