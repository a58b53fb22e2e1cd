// Events in AWS's binary framing, for readers that know no other (docs.aws.amazon.com, event stream
// encoding): lengths, checksum of them, headers, payload, checksum of it all.

import { crc32 } from "node:zlib";

const ENCODER = new TextEncoder();
const STRING_HEADER = 7;

/** One event as a message. */
export function awsFrame(name: string, data: string): Uint8Array {
  const headers = Buffer.concat([
    header(":message-type", "event"),
    header(":event-type", name),
    header(":content-type", "application/json"),
  ]);
  const payload = ENCODER.encode(data);
  const frame = Buffer.alloc(12 + headers.length + payload.length + 4);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  headers.copy(frame, 12);
  frame.set(payload, 12 + headers.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, frame.length - 4)), frame.length - 4);
  return frame;
}

function header(name: string, value: string): Buffer {
  const [key, text] = [ENCODER.encode(name), ENCODER.encode(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([
    Buffer.from([key.length]),
    key,
    Buffer.from([STRING_HEADER]),
    length,
    text,
  ]);
}
