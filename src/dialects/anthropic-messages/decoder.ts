// Reads a stream of the Messages API, event by event. Tolerates what proxies in between are known to
// do: a message that starts twice, blocks that overlap or never stop, deltas without a start.

import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent } from "../neutral.ts";
import type { StreamedBlock } from "./decoder-blocks.ts";
import { impliedBlock, openBlock } from "./decoder-blocks.ts";
import { isFaultBody, readFaultBody } from "./fault.ts";
import { readStop } from "./stop-reason.ts";
import { UsageTally } from "./usage.ts";

const UNREADABLE: readonly NeutralEvent[] = Object.freeze([{ type: "unreadable" } as const]);

/** One stream. Events of unknown names and `ping` give nothing. */
export class AnthropicDecoder implements StreamDecoder {
  readonly #usage = new UsageTally();
  /** Blocks that have begun and are not told to their end, the one that is being told first. */
  readonly #waiting: StreamedBlock[] = [];
  /** Blocks by the vendor's index, until the vendor closes them. */
  readonly #open = new Map<number, StreamedBlock>();
  #parts = 0;
  #hasToolCall = false;
  #hasStarted = false;
  #isChoiceEnded = false;
  #isOver = false;

  decode(event: SseEvent): readonly NeutralEvent[] {
    if (this.#isOver || event.data === "" || event.data === "[DONE]") return [];
    const data = parseData(event.data);
    if (data === undefined) return UNREADABLE;
    const name = asString(data["type"]) ?? event.name;
    if (name === "error" || isFaultBody(data)) {
      return this.#end([{ type: "faulted", fault: readFaultBody(0, data) }]);
    }
    return this.#read(name, data);
  }

  #read(name: string, data: JsonObject): NeutralEvent[] {
    switch (name) {
      case "message_start":
        return this.#start(asObject(data["message"]) ?? {});
      case "content_block_start":
        return this.#tell(() => this.#openBlock(indexOf(data), asObject(data["content_block"])));
      case "content_block_delta":
        return this.#tell(() => this.#delta(indexOf(data), asObject(data["delta"]) ?? {}));
      case "content_block_stop":
        return this.#tell(() => this.#closeBlock(indexOf(data)));
      case "message_delta":
        return this.#messageDelta(data);
      case "message_stop":
        return this.#stop();
      default:
        return [];
    }
  }

  /** A second start means that a proxy began anew: what was open stays as it is, what follows is added. */
  #start(message: JsonObject): NeutralEvent[] {
    const told = this.#hasStarted ? this.#tell(() => this.#closeAll()) : this.#begin(message);
    return [...told, ...this.#usageEvents(message["usage"])];
  }

  #begin(message: JsonObject): NeutralEvent[] {
    this.#hasStarted = true;
    const id = asString(message["id"]) ?? "";
    const model = asString(message["model"]) ?? "";
    return [{ type: "message-started", id, model, createdAt: 0 }];
  }

  /** Runs a change of blocks, then tells what may be told: all of the first block, then of the next. */
  #tell(change: () => void): NeutralEvent[] {
    const told = this.#hasStarted ? [] : this.#begin({});
    if (this.#isChoiceEnded) return told;
    change();
    for (let block = this.#waiting[0]; block !== undefined; block = this.#waiting[0]) {
      told.push(...block.take());
      if (!block.isClosed) break;
      this.#waiting.shift();
    }
    return told;
  }

  #openBlock(index: number, start: JsonObject | undefined): void {
    if (start === undefined) return;
    this.#open.get(index)?.close();
    const block = openBlock(start, this.#parts);
    this.#parts += 1;
    this.#hasToolCall ||= block.isToolCall;
    this.#open.set(index, block);
    this.#waiting.push(block);
  }

  #delta(index: number, delta: JsonObject): void {
    if (!this.#open.has(index)) this.#openBlock(index, impliedBlock(delta));
    this.#open.get(index)?.delta(delta);
  }

  #closeBlock(index: number): void {
    this.#open.get(index)?.close();
    this.#open.delete(index);
  }

  #closeAll(): void {
    for (const block of this.#open.values()) block.close();
    this.#open.clear();
  }

  #messageDelta(data: JsonObject): NeutralEvent[] {
    const delta = asObject(data["delta"]) ?? {};
    const ends = asString(delta["stop_reason"]) === undefined ? [] : this.#endChoice(delta);
    return [...ends, ...this.#usageEvents(data["usage"])];
  }

  #endChoice(fields: JsonObject): NeutralEvent[] {
    if (this.#isChoiceEnded) return [];
    const told = this.#tell(() => this.#closeAll());
    this.#isChoiceEnded = true;
    const ended = readStop(fields, this.#hasToolCall);
    return [...told, { type: "choice-ended", choice: 0, ...ended }];
  }

  #stop(): NeutralEvent[] {
    return this.#end([...this.#endChoice({}), { type: "message-ended" }]);
  }

  #usageEvents(report: Json | undefined): NeutralEvent[] {
    const usage = this.#usage.take(report);
    return usage === undefined || !this.#hasStarted ? [] : [{ type: "usage", usage }];
  }

  #end(last: NeutralEvent[]): NeutralEvent[] {
    this.#isOver = true;
    return last;
  }
}

function parseData(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function indexOf(data: JsonObject): number {
  return asNumber(data["index"]) ?? 0;
}
