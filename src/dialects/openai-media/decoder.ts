// Reads streams of images, sound and transcripts from the side: their bytes pass as they came.

import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent } from "../neutral.ts";
import { readInlineFault } from "../openai-chat/fault.ts";
import { OPENAI_MEDIA } from "./dialect-id.ts";
import { readMediaUsage } from "./usage.ts";

/** Events with more than this are an image: their counters stand behind it. */
const LARGEST_PARSED = 100_000;
/** As much of the end of such an event as its other members take. */
const TAIL_LENGTH = 4_000;

/** Reads one stream: `image_generation.…`, `image_edit.…`, `speech.audio.…` and `transcript.text.…`. */
export class MediaDecoder implements StreamDecoder {
  #isOver = false;

  decode({ name, data }: SseEvent): readonly NeutralEvent[] {
    if (this.#isOver || data === "") return [];
    if (data.startsWith("[DONE]")) return this.#end([]);
    const event = data.length > LARGEST_PARSED ? membersOfLarge(data) : parsed(data);
    if (event === undefined) return [{ type: "unreadable" }];
    const fault = readInlineFault(event);
    if (fault !== undefined) {
      this.#isOver = true;
      return [{ type: "faulted", fault }];
    }
    const type = asString(event["type"]) ?? name;
    const text = asString(event["delta"]) ?? "";
    const content: NeutralEvent[] =
      text !== ""
        ? [{ type: "part-delta", choice: 0, index: 0, text }]
        : [{ type: "part-started", choice: 0, index: 0, start: { kind: "whole", part: WHOLE } }];
    const usage = readMediaUsage(event["usage"]);
    if (usage !== undefined) content.push({ type: "usage", usage });
    return /\.(?:completed|done)$/.test(type) ? this.#end(content) : content;
  }

  #end(events: NeutralEvent[]): readonly NeutralEvent[] {
    this.#isOver = true;
    events.push({ type: "choice-ended", choice: 0, stop: "end", vendorStop: "" });
    events.push({ type: "message-ended" });
    return events;
  }
}

/** Stands for what passes unread. */
const WHOLE = Object.freeze({
  kind: "vendor",
  origin: OPENAI_MEDIA,
  name: "media",
  value: {},
} as const);

function parsed(data: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return undefined;
  }
}

/**
 * Type and counters of an event that holds an image, without reading the image: megabytes of base64 hold
 * no quotes, so that the members after it can be found from the end.
 */
function membersOfLarge(data: string): JsonObject {
  const ends = [data.slice(0, TAIL_LENGTH), data.slice(-TAIL_LENGTH)];
  const found = (member: RegExp) => ends.map((end) => member.exec(end)?.[1]).find(isFound);
  const type = found(/"type"\s*:\s*"([\w.]{1,60})"/);
  const usage = found(/"usage"\s*:\s*(\{[^"{}]*(?:"[^"]*"[^"{}]*|\{[^{}]*\}[^"{}]*)*\})/);
  return {
    ...(type !== undefined && { type }),
    ...(usage !== undefined && { usage: parsed(usage) }),
  };
}

function isFound(text: string | undefined): text is string {
  return text !== undefined;
}
