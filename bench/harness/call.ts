// The bytes of a call, made once and sent as they are.

import type { Contender } from "./contenders.ts";

const QUESTION = "What does a lock keeper do when two boats arrive at the same time? ".repeat(12);

/** A chat completion of about 1 kB. `model` is the upstream's name. */
export function callBytes(to: Contender, model: string, isStream: boolean): Buffer {
  const body = JSON.stringify({
    model: to.modelName(model),
    stream: isStream,
    temperature: 0.2,
    max_completion_tokens: 500,
    messages: [
      { role: "system", content: "You are brief and exact." },
      { role: "user", content: QUESTION },
    ],
  });
  return Buffer.concat([headBytes(to, Buffer.byteLength(body)), Buffer.from(body)]);
}

/** A chat completion with an image of about `bytes` bytes in base64. */
export function imageCallBytes(to: Contender, model: string, bytes: number): Buffer {
  const url = `data:image/png;base64,${"iVBORw0KGgoA".repeat(Math.floor(bytes / 12))}`;
  const body = JSON.stringify({
    model: to.modelName(model),
    messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
  });
  return Buffer.concat([headBytes(to, body.length), Buffer.from(body, "latin1")]);
}

function headBytes(to: Contender, length: number): Buffer {
  return Buffer.from(
    [
      "POST /v1/chat/completions HTTP/1.1",
      `Host: ${to.host}:${to.port}`,
      "User-Agent: bench",
      "Accept: application/json",
      "Content-Type: application/json",
      `Authorization: Bearer ${to.key}`,
      `Content-Length: ${length}`,
      "",
      "",
    ].join("\r\n"),
  );
}
