// Media by MIME type, and the addresses that Google resolves by itself.

import { Buffer } from "node:buffer";
import { isBase64 } from "../base64.ts";
import type { MediaSource, Part } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";

/** What a model takes a file for. */
export type MediaKind = "image" | "audio" | "video" | "file";

/** The kind of a MIME type; documents and anything unknown are files. */
export function mediaKind(mediaType: string): MediaKind {
  const [family] = mediaType.toLowerCase().split("/", 1);
  return family === "image" || family === "audio" || family === "video" ? family : "file";
}

const GOOGLE_ADDRESS =
  /^(files\/|gs:\/\/|https:\/\/(generativelanguage\.googleapis\.com|(www\.)?youtube\.com|youtu\.be)\/)/i;

/** True for what Google reads from its own stores: the Files API, Cloud Storage, YouTube. */
export function isGoogleAddress(uri: string): boolean {
  return GOOGLE_ADDRESS.test(uri);
}

/** True for what Google fetches from anybody's server. */
export function isFetched(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  heic: "image/heic",
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  ogg: "audio/ogg",
  flac: "audio/flac",
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
};
const USUAL_TYPES: Readonly<Record<string, string>> = {
  image: "image/jpeg",
  audio: "audio/mpeg",
  video: "video/mp4",
};

/** The type of what stands at an address, which Google wants told: by its ending, else the usual one. */
export function typeOfAddress(source: { url: string; mediaType?: string }, kind: string): string {
  const [path = ""] = source.url.split(/[?#]/, 1);
  const ending = /\.(\w{2,5})$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return source.mediaType ?? TYPES[ending] ?? USUAL_TYPES[kind] ?? "application/pdf";
}

/** `inlineData` as a neutral part. */
export function inlineToNeutral(blob: Fields): Part {
  const mediaType = blob.string("mimeType") ?? "application/octet-stream";
  const given = blob.string("data") ?? "";
  if (!isBase64(given)) blob.refuse("data", "base64");
  const data = standardBase64(given);
  return mediaPart({ from: "base64", mediaType, data }, mediaType, blob.string("displayName"));
}

/** `fileData` as a neutral part: a vendor's file when only Google can read it, else an address. */
export function fileToNeutral(file: Fields): Part {
  const uri = file.string("fileUri") ?? "";
  const given = file.string("mimeType");
  const type = given === undefined ? {} : { mediaType: given };
  const isGoogles = isGoogleAddress(uri) || !isFetched(uri);
  const source: MediaSource = isGoogles
    ? { from: "vendor-file", origin: GEMINI_GENERATE, id: uri, ...type }
    : { from: "url", url: uri, ...type };
  const assumed = given ?? (/youtu\.?be/.test(uri) ? "video/mp4" : "application/octet-stream");
  return mediaPart(source, assumed, file.string("displayName"));
}

function mediaPart(source: MediaSource, mediaType: string, name: string | undefined): Part {
  const kind = mediaKind(mediaType);
  if (kind !== "file") return { kind, source };
  return name === undefined ? { kind, source } : { kind, source, name };
}

/** Google takes both base64 alphabets and its Python SDK sends the other one; others take one only. */
export function standardBase64(data: string): string {
  const swapped =
    data.includes("-") || data.includes("_") ? data.replace(/-/g, "+").replace(/_/g, "/") : data;
  const missing = (4 - (swapped.length % 4)) % 4;
  return missing === 0 || missing === 3 ? swapped : swapped + "=".repeat(missing);
}

/** Text as base64 of its UTF-8 bytes. */
export function textToBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
