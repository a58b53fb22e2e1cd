// Serves a recorded exchange as it is.

import type { Behaviour } from "../behaviour.ts";
import type { HeaderPair } from "../request-reader.ts";
import { verbatim } from "./failures.ts";

/** The reply of a recorded exchange; a body is one of the three. */
export interface RecordedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly json?: unknown; readonly text?: string; readonly base64?: string };
}

/** Framing headers are written anew, everything else as recorded. */
const FRAMING = new Set(["content-length", "transfer-encoding", "content-encoding", "connection"]);

/** Answers with status, headers and body of the recording. */
export function replay(recorded: RecordedReply): Behaviour {
  const headers = Object.entries(recorded.headers).filter(
    ([name]) => !FRAMING.has(name.toLowerCase()) && name.toLowerCase() !== "content-type",
  ) as HeaderPair[];
  return verbatim({
    status: recorded.status,
    contentType: recorded.headers["content-type"] ?? "application/json",
    headers,
    body: bodyOf(recorded),
  });
}

function bodyOf({ body }: RecordedReply): string | Uint8Array {
  if (body.base64 !== undefined) return Buffer.from(body.base64, "base64");
  return body.text ?? JSON.stringify(body.json);
}
