// The workbench: one worker thread for bodies too large for the event loop, started when the first one
// comes.

import type { EventSink } from "#core/events.ts";
import { isJsonObject, type JsonObject } from "#core/json.ts";
import type { Workbench } from "#core/ports/workbench.ts";
import { startWorker, type WorkerThread } from "#platform/worker-thread.ts";

/** A workbench and its end. */
export interface StartedWorkbench extends Workbench {
  stop(): void;
}

/** Starts no thread until there is work. A thread that dies is replaced by the next job. */
export function createWorkbench(emit: EventSink): StartedWorkbench {
  let worker: WorkerThread | undefined;
  const running = (): WorkerThread => {
    worker ??= startWorker({
      name: "workbench",
      entry: new URL("./workbench-thread.ts", import.meta.url),
      onGone: (error) => {
        worker = undefined;
        emit({ type: "fault-caught", where: "workbench", error });
      },
    });
    return worker;
  };
  return {
    async run(job: string, input: JsonObject, bytes: Uint8Array) {
      const owned = ownBuffer(bytes);
      const done = await running().request({ job, input, bytes: owned }, [owned.buffer]);
      if (!isDone(done)) throw new Error(`The job ${job} gave nothing back.`);
      return done;
    },
    stop() {
      worker?.stop();
    },
  };
}

/** The bytes in a buffer of their own, which alone can be handed over. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

function isDone(value: unknown): value is { output: JsonObject; body: Blob } {
  return (
    typeof value === "object" &&
    value !== null &&
    "output" in value &&
    isJsonObject(value.output) &&
    "body" in value &&
    value.body instanceof Blob
  );
}
