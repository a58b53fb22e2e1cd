// Frames of a stream in Amazon's binary framing, written by Amazon's own encoder.

import { EventStreamCodec } from "@smithy/eventstream-codec";
import { bytesOf, textOf } from "../bytes.ts";
import type { Frame } from "./frame.ts";

const codec = new EventStreamCodec(
  (bytes) => textOf(bytes as Uint8Array),
  (text) => bytesOf(text),
);
const EXCEPTION = "exception:";

/** An event under its name; a name like `exception:throttlingException` makes it an exception. */
export function awsFrame({ name, data }: Pick<Frame, "name" | "data">): Uint8Array {
  const isException = name.startsWith(EXCEPTION);
  const [kind, type] = isException ? ["exception", name.slice(EXCEPTION.length)] : ["event", name];
  return codec.encode({
    headers: {
      [`:${kind}-type`]: { type: "string", value: type },
      ":content-type": { type: "string", value: "application/json" },
      ":message-type": { type: "string", value: kind },
    },
    body: bytesOf(data),
  });
}

/** What `invoke` puts around an event of the model's own API. Exceptions stand bare. */
export function awsChunk(frame: Pick<Frame, "name" | "data">): Uint8Array {
  if (frame.name.startsWith(EXCEPTION)) return awsFrame(frame);
  const bytes = Buffer.from(frame.data).toString("base64");
  return awsFrame({ name: "chunk", data: JSON.stringify({ bytes, p: "abcdef" }) });
}
