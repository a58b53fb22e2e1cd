// Reads a stream of Converse, frame by frame. Usage comes in a frame of its own, usually after the
// message's stop; the answer is over when both have come, or with the stream.

import type { JsonObject } from "#core/json.ts";
import { asNumber, asObject } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent } from "../neutral.ts";
import { impliedBlock, type StreamedBlock, startedBlock } from "./decoder-blocks.ts";
import { isFaultName, readFaultFrame } from "./fault.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

const UNREADABLE: readonly NeutralEvent[] = Object.freeze([{ type: "unreadable" } as const]);

/** One stream. Frames of unknown names give nothing. */
export class ConverseDecoder implements StreamDecoder {
  /** Blocks that have begun and are not told to their end, the one that is being told first. */
  readonly #waiting: StreamedBlock[] = [];
  /** Blocks by the vendor's index, until the vendor closes them. */
  readonly #open = new Map<number, StreamedBlock>();
  #parts = 0;
  #hasToolCall = false;
  #hasStarted = false;
  #hasStopped = false;
  #hasMetadata = false;
  #isOver = false;

  decode(event: SseEvent): readonly NeutralEvent[] {
    if (this.#isOver || event.data === "") return [];
    const data = parseData(event.data);
    if (data === undefined) return UNREADABLE;
    if (event.name !== "") return this.#read(event.name, data);
    // Without a framing that names its frames, an event is an object whose one member is its name.
    const [name = ""] = Object.keys(data);
    return this.#read(name, asObject(data[name]) ?? {});
  }

  /** A stream that has stopped is complete, whether or not its usage came. */
  end(): readonly NeutralEvent[] {
    if (this.#isOver || !this.#hasStopped) return [];
    this.#isOver = true;
    return [{ type: "message-ended" }];
  }

  #read(name: string, value: JsonObject): NeutralEvent[] {
    switch (name) {
      case "messageStart":
        return this.#begin();
      case "contentBlockStart":
        return this.#tell(() => this.#start(indexOf(value), asObject(value["start"]) ?? {}));
      case "contentBlockDelta":
        return this.#tell(() => this.#delta(indexOf(value), asObject(value["delta"]) ?? {}));
      case "contentBlockStop":
        return this.#tell(() => this.#close(indexOf(value)));
      case "messageStop":
        return this.#orOver(this.#stop(value));
      case "metadata":
        return this.#orOver(this.#metadata(value));
      default:
        return isFaultName(name) ? this.#fault(name, value) : [];
    }
  }

  #begin(): NeutralEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    return [{ type: "message-started", id: "", model: "", createdAt: 0 }];
  }

  /** Runs a change of blocks, then tells what may be told: all of the first block, then of the next. */
  #tell(change: () => void): NeutralEvent[] {
    const told = this.#begin();
    if (this.#hasStopped) return told;
    change();
    for (let block = this.#waiting[0]; block !== undefined; block = this.#waiting[0]) {
      told.push(...block.take());
      if (!block.isClosed) break;
      this.#waiting.shift();
    }
    return told;
  }

  #start(index: number, start: JsonObject): void {
    this.#close(index);
    this.#add(index, startedBlock(start, this.#parts));
  }

  #delta(index: number, delta: JsonObject): void {
    if (!this.#open.has(index)) this.#add(index, impliedBlock(delta, this.#parts));
    this.#open.get(index)?.delta(delta);
  }

  #add(index: number, block: StreamedBlock | undefined): void {
    if (block === undefined) return;
    this.#parts += 1;
    this.#hasToolCall ||= block.isToolCall;
    this.#open.set(index, block);
    this.#waiting.push(block);
  }

  #close(index: number): void {
    this.#open.get(index)?.close();
    this.#open.delete(index);
  }

  #stop(value: JsonObject): NeutralEvent[] {
    if (this.#hasStopped) return [];
    const told = this.#tell(() => {
      for (const block of this.#open.values()) block.close();
      this.#open.clear();
    });
    this.#hasStopped = true;
    return [...told, { type: "choice-ended", choice: 0, ...readStop(value, this.#hasToolCall) }];
  }

  #metadata(value: JsonObject): NeutralEvent[] {
    this.#hasMetadata = true;
    const usage = readUsage(value["usage"], asObject(value["serviceTier"])?.["type"]);
    return usage === undefined ? this.#begin() : [...this.#begin(), { type: "usage", usage }];
  }

  /** The answer is over when both its stop and its usage have come, in whatever order. */
  #orOver(told: NeutralEvent[]): NeutralEvent[] {
    if (this.#hasStopped && this.#hasMetadata) told.push(...this.end());
    return told;
  }

  #fault(name: string, value: JsonObject): NeutralEvent[] {
    this.#isOver = true;
    return [{ type: "faulted", fault: readFaultFrame(name, value) }];
  }
}

function parseData(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function indexOf(value: JsonObject): number {
  return asNumber(value["contentBlockIndex"]) ?? 0;
}
