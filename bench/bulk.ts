// Child process of the stall scenario: a 50 MB image body up, a 200 MB error body down, on command.

import type { Socket } from "bun";
import type { BulkEnd, BulkTarget } from "./harness/bulk-sender.ts";
import { callBytes, imageCallBytes } from "./harness/call.ts";
import { ReplyReader } from "./harness/reply-reader.ts";

const IMAGE_BYTES = 50_000_000;

const target: BulkTarget = JSON.parse(process.argv[2] ?? "{}");
const contender = {
  name: "direct" as const,
  pid: 0,
  startMs: 0,
  host: target.host,
  port: target.port,
  key: target.key,
  modelName: (model: string) => (model === "error" ? target.errorModel : target.imageModel),
  stop: async () => undefined,
};
const image = imageCallBytes(contender, "whole", IMAGE_BYTES);
const error = callBytes(contender, "error", false);

/** Sends the bytes as fast as they are taken and gives the status when the reply has ended. */
function exchange(bytes: Buffer): Promise<number> {
  const over = Promise.withResolvers<number>();
  const reader = new ReplyReader();
  let offset = 0;
  const pump = (socket: Socket) => {
    const written = socket.write(bytes.subarray(offset));
    if (written > 0) offset += written;
  };
  const socket = {
    open: pump,
    drain: (each: Socket) => {
      if (offset < bytes.length) pump(each);
    },
    data: (each: Socket, piece: Buffer) => {
      if (!reader.take(piece)) return;
      over.resolve(reader.status);
      each.end();
    },
    close: () => over.resolve(reader.status),
    error: () => over.resolve(0),
  };
  void Bun.connect({ hostname: target.host, port: target.port, socket }).catch(over.reject);
  return over.promise;
}

process.on("message", async () => {
  const startedAt = performance.now();
  const statuses = await Promise.all([exchange(image), exchange(error)]);
  const end: BulkEnd = { ms: performance.now() - startedAt, statuses: statuses.join(" and ") };
  process.send?.(end);
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
