// An image as embedding vendors write it: a data URL, plain base64, or an address.

import { invalidRequest } from "#core/errors.ts";
import type { MediaSource } from "../neutral.ts";

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+);base64,([A-Za-z0-9+/_-]+=*)$/;
const ADDRESS = /^https?:\/\//i;
const BASE64 = /^[A-Za-z0-9+/_-]+=*$/;

/** @throws GatewayError `invalid_request` when it is none of them */
export function imageSource(text: string, path: string): MediaSource {
  if (ADDRESS.test(text)) return { from: "url", url: text };
  const [, mediaType, data] = DATA_URL.exec(text) ?? [];
  if (mediaType !== undefined && data !== undefined) return { from: "base64", mediaType, data };
  if (BASE64.test(text)) return { from: "base64", mediaType: "image/png", data: text };
  throw invalidRequest(path, `"${path}" must be a data URL, base64, or an address.`);
}

/** `data:image/png;base64,…`; undefined for an address or a vendor's file. */
export function dataUrlOf(source: MediaSource): string | undefined {
  return source.from === "base64" ? `data:${source.mediaType};base64,${source.data}` : undefined;
}
