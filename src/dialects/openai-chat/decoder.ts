// Reads a chat stream: chunks until `[DONE]`. What imitators do differently is met here: first chunks
// without choices, usage anywhere, errors in chunks, an end without its mark.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asObject, asString } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { Citations, NeutralEvent } from "../neutral.ts";
import { callSeedOf, choiceIndex } from "./assistant-message.ts";
import { ChoiceStream } from "./choice-stream.ts";
import { readSourceList } from "./citations.ts";
import { readInlineFault } from "./fault.ts";
import { readUsage } from "./usage.ts";

const NOTHING: readonly NeutralEvent[] = Object.freeze([]);
const UNREADABLE: readonly NeutralEvent[] = Object.freeze([{ type: "unreadable" } as const]);

/** Reads one stream. */
export class ChatDecoder implements StreamDecoder {
  readonly #choices = new Map<number, ChoiceStream>();
  #head: Extract<NeutralEvent, { type: "message-started" }> | undefined;
  /** Addresses beside the answer, repeated from chunk to chunk; the last ones count. */
  #sources: Citations | undefined;
  #isOver = false;

  decode(event: SseEvent): readonly NeutralEvent[] {
    const { data } = event;
    if (this.#isOver || data === "") return NOTHING;
    if (data.startsWith("[DONE]")) return this.#finish();
    const chunk = parseChunk(data);
    if (chunk === undefined) return UNREADABLE;
    const fault = readInlineFault(chunk) ?? faultOfChoice(chunk);
    if (fault !== undefined) return this.#fail(fault);
    const out: NeutralEvent[] = [];
    const choices = asArray(chunk["choices"]);
    const usage =
      readUsage(chunk["usage"], chunk["service_tier"]) ?? usageElsewhere(chunk, choices);
    // Azure's first chunk has results of its filter and neither a choice nor a name.
    if (choices.length > 0 || usage !== undefined) this.#start(chunk, out);
    if (chunk["citations"] !== undefined) this.#sources = readSourceList(chunk) ?? this.#sources;
    for (let position = 0; position < choices.length; position += 1) {
      const choice = asObject(choices[position]);
      if (choice !== undefined) this.#choiceOf(choice, position).read(choice, this.#sources, out);
    }
    if (usage !== undefined) out.push({ type: "usage", usage });
    return out;
  }

  #start(chunk: JsonObject, out: NeutralEvent[]): void {
    if (this.#head !== undefined) return;
    this.#head = {
      type: "message-started",
      id: asString(chunk["id"]) ?? "",
      model: asString(chunk["model"]) ?? "",
      createdAt: asCount(chunk["created"]),
    };
    out.push(this.#head);
  }

  #choiceOf(choice: JsonObject, position: number): ChoiceStream {
    const index = choiceIndex(choice, position);
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const made = new ChoiceStream(index, callSeedOf(this.#head?.id ?? "", index));
    this.#choices.set(index, made);
    return made;
  }

  #finish(): readonly NeutralEvent[] {
    this.#isOver = true;
    const out: NeutralEvent[] = [];
    this.#start({}, out);
    for (const choice of this.#choices.values()) choice.close(this.#sources, out);
    out.push({ type: "message-ended" });
    return out;
  }

  #fail(fault: Extract<NeutralEvent, { type: "faulted" }>["fault"]): readonly NeutralEvent[] {
    this.#isOver = true;
    return [{ type: "faulted", fault }];
  }
}

/** Groq puts the counters of a stream under a name of its own, Moonshot into the choice that ends. */
function usageElsewhere(chunk: JsonObject, choices: readonly Json[]): Usage | undefined {
  const owner = asObject(chunk["x_groq"]) ?? asObject(choices[0]);
  return owner === undefined ? undefined : readUsage(owner["usage"], chunk["service_tier"]);
}

/** OpenRouter may put an error into the choice that it ended. */
function faultOfChoice(chunk: JsonObject) {
  const choice = asObject(asArray(chunk["choices"])[0]);
  return choice === undefined ? undefined : readInlineFault(choice);
}

function parseChunk(data: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(data));
  } catch {
    return undefined;
  }
}
