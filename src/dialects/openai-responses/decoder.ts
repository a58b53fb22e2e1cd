// Reads a Responses stream, event by event. Tolerates what imitators do: items that overlap, ids that
// change between the events of one item, deltas that are left out, an end by `[DONE]` alone.

import type { JsonObject } from "#core/json.ts";
import { asArray, asCount, asNumber, asObject, asString } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent, UpstreamFault } from "../neutral.ts";
import { readEventFault } from "./fault.ts";
import { readStop } from "./stop-reason.ts";
import type { Step, StreamedItem } from "./streamed-item.ts";
import { impliedItem, openItem } from "./streamed-item.ts";
import { readUsage } from "./usage.ts";

const NOTHING: readonly NeutralEvent[] = Object.freeze([]);
const UNREADABLE: readonly NeutralEvent[] = Object.freeze([{ type: "unreadable" } as const]);
const PREFIX = "response.";

/** One stream. Events that are not known give nothing. */
export class ResponsesDecoder implements StreamDecoder {
  /** Items that have begun and are not told to their end, the one that is being told first. */
  readonly #waiting: StreamedItem[] = [];
  /** By their place in the output; ids are no key, since some proxies change them. */
  readonly #items = new Map<number, StreamedItem>();
  readonly #places = new Map<string, number>();
  /** Type of the item that began last. */
  #lastType = "";
  /** Number of the part that is being told; the next one gets the following. */
  #part = -1;
  #hasToolCall = false;
  #hasRefusal = false;
  #hasStarted = false;
  #isOver = false;

  decode(event: SseEvent): readonly NeutralEvent[] {
    const { data } = event;
    if (this.#isOver || data === "") return NOTHING;
    if (data.startsWith("[DONE]")) return this.#finish({});
    const read = parseEvent(data);
    if (read === undefined) return UNREADABLE;
    const type = asString(read["type"]) ?? event.name;
    const fault = readEventFault(read, type);
    if (fault !== undefined) return this.#fail(fault, asObject(read["response"]) ?? {});
    return this.#read(type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type, read);
  }

  #read(type: string, event: JsonObject): readonly NeutralEvent[] {
    switch (type) {
      case "created":
      case "queued":
      case "in_progress":
        return this.#start(asObject(event["response"]) ?? {});
      case "output_item.added":
        return this.#tell(() => this.#open(event, asObject(event["item"]) ?? {}));
      case "output_item.done":
        return this.#tell(() => this.#close(event, asObject(event["item"]) ?? {}));
      case "completed":
      case "incomplete":
      case "cancelled": {
        const response = asObject(event["response"]) ?? {};
        return this.#finish({ ...response, status: response["status"] ?? type });
      }
      default:
        return this.#tell(() => this.#pass(type, event));
    }
  }

  #start(response: JsonObject): NeutralEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    const id = asString(response["id"]) ?? "";
    const model = asString(response["model"]) ?? "";
    const createdAt = asCount(response["created_at"]);
    return [{ type: "message-started", id, model, createdAt }];
  }

  /** Runs a change of items, then tells what may be told: all of the first item, then of the next. */
  #tell(change: () => void): readonly NeutralEvent[] {
    change();
    const out: NeutralEvent[] = [];
    for (let item = this.#waiting[0]; item !== undefined; item = this.#waiting[0]) {
      for (const step of item.take()) {
        if (!this.#hasStarted) out.push(...this.#start({}));
        out.push(this.#eventOf(step));
      }
      if (!item.isClosed) break;
      this.#waiting.shift();
    }
    return out.length === 0 ? NOTHING : out;
  }

  #eventOf(step: Step): NeutralEvent {
    if (step.kind === "start") {
      const { start, states } = step;
      this.#part += 1;
      this.#hasToolCall ||= start.kind === "tool-call";
      this.#hasRefusal ||= start.kind === "refusal";
      const stated = states === undefined ? {} : { providerState: states };
      return { type: "part-started", choice: 0, index: this.#part, start, ...stated };
    }
    const place = { choice: 0, index: this.#part } as const;
    if (step.kind === "text") return { type: "part-delta", ...place, text: step.text };
    if (step.kind === "end") return { type: "part-ended", ...place };
    const { states, citations } = step;
    return {
      type: "part-state",
      ...place,
      ...(states !== undefined && { providerState: states }),
      ...(citations !== undefined && { citations }),
    };
  }

  #open(event: JsonObject, item: JsonObject): StreamedItem {
    const place = asNumber(event["output_index"]) ?? this.#items.size;
    this.#items.get(place)?.close(undefined);
    const opened = openItem(item);
    this.#lastType = asString(item["type"]) ?? "";
    this.#items.set(place, opened);
    const id = asString(item["id"]) ?? asString(event["item_id"]);
    if (id !== undefined) this.#places.set(id, place);
    this.#waiting.push(opened);
    return opened;
  }

  #close(event: JsonObject, item: JsonObject): void {
    const named = { item_id: item["id"], ...event };
    const known = this.#placed(named) ?? this.#latest(named, asString(item["type"]));
    (known === undefined || known.isClosed ? this.#open(event, item) : known).close(item);
  }

  #pass(type: string, event: JsonObject): void {
    const item = this.#placed(event) ?? this.#meant(type, event);
    if (item?.isClosed === false) item.read(type, event);
  }

  /** The item of an event that says where it belongs: by its place, else by its id. */
  #placed(event: JsonObject): StreamedItem | undefined {
    const place =
      asNumber(event["output_index"]) ?? this.#places.get(asString(event["item_id"]) ?? "");
    return place === undefined ? undefined : this.#items.get(place);
  }

  /** The item of an event that does not, or whose item has not begun. */
  #meant(type: string, event: JsonObject): StreamedItem | undefined {
    const implied = impliedItem(type);
    const latest = this.#latest(event, asString(implied?.["type"]));
    return latest ?? (implied && this.#open(event, implied));
  }

  /** The item that began last, for an event without a place, if it can be of that type. */
  #latest(event: JsonObject, type: string | undefined): StreamedItem | undefined {
    const last = this.#waiting.at(-1);
    if (asNumber(event["output_index"]) !== undefined || last?.isClosed !== false) return undefined;
    return type === undefined || type === this.#lastType ? last : undefined;
  }

  #finish(response: JsonObject): readonly NeutralEvent[] {
    this.#isOver = true;
    const out = [...this.#start(response)];
    out.push(
      ...this.#tell(() => {
        // An answer that was not streamed at all stands only in the last event.
        if (this.#items.size === 0) this.#openAll(response);
        for (const item of this.#items.values()) item.close(undefined);
      }),
    );
    const usage = readUsage(response);
    if (usage !== undefined) out.push({ type: "usage", usage });
    const shape = { hasToolCall: this.#hasToolCall, hasRefusal: this.#hasRefusal };
    out.push({ type: "choice-ended", choice: 0, ...readStop(response, shape) });
    out.push({ type: "message-ended" });
    return out;
  }

  #openAll(response: JsonObject): void {
    asArray(response["output"]).forEach((entry, index) => {
      const item = asObject(entry);
      if (item !== undefined) this.#open({ output_index: index }, item).close(item);
    });
  }

  #fail(fault: UpstreamFault, response: JsonObject): readonly NeutralEvent[] {
    this.#isOver = true;
    const usage = this.#hasStarted ? readUsage(response) : undefined;
    const faulted = { type: "faulted", fault } as const;
    return usage === undefined ? [faulted] : [{ type: "usage", usage }, faulted];
  }
}

function parseEvent(data: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return undefined;
  }
}
