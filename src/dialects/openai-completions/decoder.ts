// Reads a stream of text completions from the side: its bytes pass as they came.

import type { JsonObject } from "#core/json.ts";
import { asArray, asCount, asObject, asString } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent } from "../neutral.ts";
import { readInlineFault } from "../openai-chat/fault.ts";
import { readUsage } from "../openai-chat/usage.ts";
import { stopOf } from "./inspect.ts";

/** Reads one stream. */
export class CompletionDecoder implements StreamDecoder {
  #isOver = false;

  decode({ data }: SseEvent): readonly NeutralEvent[] {
    if (this.#isOver || data === "") return [];
    if (data.startsWith("[DONE]")) {
      this.#isOver = true;
      return [{ type: "message-ended" }];
    }
    const chunk = parsed(data);
    if (chunk === undefined) return [{ type: "unreadable" }];
    const fault = readInlineFault(chunk);
    if (fault !== undefined) {
      this.#isOver = true;
      return [{ type: "faulted", fault }];
    }
    const events = asArray(chunk["choices"]).flatMap((choice) => choiceEvents(asObject(choice)));
    const usage = readUsage(chunk["usage"], chunk["service_tier"]);
    return usage === undefined ? events : [...events, { type: "usage", usage }];
  }
}

function choiceEvents(choice: JsonObject | undefined): NeutralEvent[] {
  if (choice === undefined) return [];
  const place = asCount(choice["index"]);
  const text = asString(choice["text"]) ?? "";
  const events: NeutralEvent[] = [];
  if (text !== "") events.push({ type: "part-delta", choice: place, index: 0, text });
  const vendorStop = asString(choice["finish_reason"]);
  if (vendorStop !== undefined) {
    events.push({ type: "choice-ended", choice: place, stop: stopOf(choice), vendorStop });
  }
  return events;
}

function parsed(data: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return undefined;
  }
}
