// Pictures as Ollama has them: base64 and nothing else, so that the type must be read off the bytes.

import type { ImagePart } from "../neutral.ts";

/** How the base64 of a picture begins, by its type. */
const BEGINNINGS: readonly (readonly [beginning: string, mediaType: string])[] = [
  ["iVBORw0KGgo", "image/png"],
  ["/9j/", "image/jpeg"],
  ["R0lGOD", "image/gif"],
  ["UklGR", "image/webp"],
];

/** Reads one entry of `images`. */
export function readImage(data: string): ImagePart {
  const known = BEGINNINGS.find(([beginning]) => data.startsWith(beginning));
  return { kind: "image", source: { from: "base64", mediaType: known?.[1] ?? "image/png", data } };
}

/** Writes one entry of `images`; undefined when the bytes are elsewhere. */
export function writeImage(part: ImagePart): string | undefined {
  return part.source.from === "base64" ? part.source.data : undefined;
}
