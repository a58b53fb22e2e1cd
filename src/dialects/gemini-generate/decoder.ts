// Reads a stream of GenerateContentResponse chunks. Gemini has no end mark: the finish reason ends the
// message, and a body that ends without one was cut off.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { StreamDecoder } from "../dialect.ts";
import type { NeutralEvent, UpstreamFault } from "../neutral.ts";
import { CandidateReader } from "./candidate-reader.ts";
import { errorIn, malformed, readFault } from "./fault.ts";
import type { Fields } from "./fields.ts";
import { replyFields } from "./fields.ts";
import { blockedPrompt, candidateIndex, readHead } from "./reply-to-neutral.ts";
import { isSameUsage, readUsage, webSearches } from "./usage.ts";

const NO_HEADERS = new Headers();
const NOTHING: readonly NeutralEvent[] = Object.freeze([]);
const UNREADABLE: readonly NeutralEvent[] = Object.freeze([{ type: "unreadable" } as const]);

/** One instance a stream. */
export class GeminiDecoder implements StreamDecoder {
  readonly #candidates = new Map<number, CandidateReader>();
  #responseId: string | undefined;
  /** Counters are repeated in every chunk; only what changes them is an event. */
  #usage: Usage | undefined;
  #webSearches = 0;
  #isBlocked = false;
  #isOver = false;
  #hasFailed = false;

  decode(event: SseEvent): readonly NeutralEvent[] {
    if (event.data === "" || this.#hasFailed) return NOTHING;
    const chunk = parse(event.data);
    if (this.#isOver) return this.#readLate(chunk);
    const error = errorIn(chunk);
    if (error !== undefined) return this.#fail(readFault(0, error, NO_HEADERS));
    return isJsonObject(chunk) ? this.#readChunk(replyFields(chunk)) : UNREADABLE;
  }

  #readChunk(chunk: Fields): NeutralEvent[] {
    const events: NeutralEvent[] = [];
    this.#begin(chunk, events);
    const candidates = chunk.objects("candidates");
    const blocked = blockedPrompt(chunk, candidates.length);
    if (blocked !== undefined && this.#candidates.size === 0) {
      this.#isBlocked = true;
      events.push({ type: "blocked", details: blocked });
    }
    for (const [position, candidate] of candidates.entries()) {
      this.#readerOf(candidateIndex(candidate, position)).read(candidate, events);
      this.#webSearches = Math.max(this.#webSearches, webSearches(candidate.json));
    }
    this.#readUsage(chunk.object("usageMetadata"), events);
    const readers = [...this.#candidates.values()];
    const isAnswered = readers.length > 0 && readers.every((reader) => reader.isEnded);
    if (isAnswered || this.#isBlocked) {
      this.#isOver = true;
      events.push({ type: "message-ended" });
    }
    return events;
  }

  #begin(chunk: Fields, events: NeutralEvent[]): void {
    if (this.#responseId !== undefined) return;
    const head = readHead(chunk);
    this.#responseId = head.id;
    events.push({ type: "message-started", ...head });
  }

  #readerOf(index: number): CandidateReader {
    const reader =
      this.#candidates.get(index) ?? new CandidateReader(index, this.#responseId ?? "");
    this.#candidates.set(index, reader);
    return reader;
  }

  #readUsage(metadata: Fields | undefined, events: NeutralEvent[]): void {
    const used = readUsage(metadata, this.#webSearches);
    if (used === undefined) return;
    if (this.#usage !== undefined && isSameUsage(used, this.#usage)) return;
    this.#usage = used;
    events.push({ type: "usage", usage: used });
  }

  /** Nothing may follow the end; repeated counters are let pass, lost content is not. */
  #readLate(chunk: Json | undefined): readonly NeutralEvent[] {
    if (!isJsonObject(chunk) || !hasContent(replyFields(chunk))) return NOTHING;
    return this.#fail(malformed("Content came after the finish reason."));
  }

  #fail(fault: UpstreamFault): readonly NeutralEvent[] {
    this.#hasFailed = true;
    return [{ type: "faulted", fault }];
  }
}

function hasContent(chunk: Fields): boolean {
  return chunk.objects("candidates").some((candidate) => {
    const parts = candidate.object("content")?.objects("parts") ?? [];
    return parts.some((part) => part.value("text") !== "" && Object.keys(part.json).length > 0);
  });
}

function parse(data: string): JsonObject | Json[] | undefined {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
