// Calls a URL the way the gateway calls upstreams, and prints the status and body, or the fault.

import { TransportError } from "#core/ports/transport.ts";
import { createHttpTransport } from "#platform/http-transport.ts";
import { systemClock } from "#platform/system-clock.ts";

const [, , url = "", bytes = "0"] = process.argv;
const transport = createHttpTransport(systemClock, () => true);
try {
  const reply = await transport.send({
    url,
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "x".repeat(Number(bytes)),
    signal: new AbortController().signal,
    connectTimeoutMs: 5_000,
  });
  const body = (await reply.bytes?.()) ?? new Uint8Array(0);
  process.stdout.write(`${reply.status} ${Buffer.from(body).toString()}\n`);
} catch (error) {
  if (!(error instanceof TransportError)) throw error;
  process.stdout.write(`${error.fault} ${error.message}\n`);
}
process.exit(0);
