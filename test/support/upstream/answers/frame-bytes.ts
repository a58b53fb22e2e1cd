// A frame as the bytes that its endpoint sends.

import { bytesOf } from "../bytes.ts";
import type { UpstreamFraming } from "../endpoint.ts";
import { awsChunk, awsFrame } from "./aws-frame.ts";
import { type Frame, frameText } from "./frame.ts";

/** The bytes of a frame in the framing of an endpoint. @param newline of server-sent events and of lines */
export function frameBytes(of: Frame, framing: UpstreamFraming, newline: string): Uint8Array {
  if (framing === "lines") return bytesOf(`${of.data}${newline}`);
  if (framing === "sse") return bytesOf(frameText(of, newline));
  return framing === "aws" ? awsFrame(of) : awsChunk(of);
}
