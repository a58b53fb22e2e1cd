// Where the bytes of an image, file or sound are: data URIs and addresses, both ways.

import type { MediaSource } from "../neutral.ts";

/** Characters that the head of a data URI may have; the data behind it may be megabytes. */
const MAX_HEAD = 200;
const DATA_URI = /^data:([^;,]*)(?:;[^;,]*)*?(;base64)?,/i;

/** Reads a data URI or an address; undefined when it is a data URI that is not base64. */
export function readUrl(
  url: string,
  fallbackType = "application/octet-stream",
): MediaSource | undefined {
  const head = url.slice(0, MAX_HEAD);
  if (!/^data:/i.test(head)) return { from: "url", url };
  const match = DATA_URI.exec(head);
  if (match === null || match[2] === undefined) return undefined;
  const mediaType = match[1] === "" ? undefined : match[1]?.toLowerCase();
  return { from: "base64", mediaType: mediaType ?? fallbackType, data: url.slice(match[0].length) };
}

/** Writes a source where OpenAI takes a data URI or an address; undefined for any other source. */
export function writeUrl(source: MediaSource): string | undefined {
  if (source.from === "url") return source.url;
  if (source.from === "base64") return `data:${source.mediaType};base64,${source.data}`;
  return undefined;
}

const AUDIO_TYPES: ReadonlyMap<string, string> = new Map([
  ["mp3", "audio/mpeg"],
  ["wav", "audio/wav"],
]);

/** `mp3` -> `audio/mpeg`; what is not known becomes a subtype. */
export function audioType(format: string): string {
  return AUDIO_TYPES.get(format) ?? `audio/${format}`;
}

/** `audio/mpeg` -> `mp3`; what is not known is named by its subtype. */
export function audioFormat(mediaType: string): string {
  const plain = mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (plain === "audio/x-wav" || plain === "audio/wave") return "wav";
  for (const [format, type] of AUDIO_TYPES) if (type === plain) return format;
  return plain.slice(plain.indexOf("/") + 1);
}
