// What a stream has told so far, read off its neutral events: the same for bytes that pass through and
// for events that are translated.

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import type { NeutralEvent, StopReason, UpstreamFault } from "#dialects/neutral.ts";

/** Running account of one stream. */
export class StreamReading {
  /** True once something came that a client would miss: the commit point. */
  hasContent = false;
  /** The stream's own end mark came. */
  hasEnded = false;
  usage: Usage | undefined;
  /** The counters are the whole answer's: they came with or after its stop reason. */
  isUsageFinal = false;
  fault: UpstreamFault | undefined;
  stop: StopReason = "unknown";
  blocked: JsonObject | undefined;
  /** A frame could not be read and was skipped. */
  hasUnreadable = false;
  /** UTF-16 code units of text, reasoning and tool arguments, for estimates. */
  textLength = 0;
  #hasStopped = false;

  note(events: readonly NeutralEvent[]): void {
    for (const event of events) this.#take(event);
  }

  /**
   * True when the whole stream is over and holds nothing usable together with a natural stop
   * (contract section 7).
   */
  get isEmpty(): boolean {
    return !this.hasContent && this.blocked === undefined && NATURAL_STOPS.has(this.stop);
  }

  #take(event: NeutralEvent): void {
    switch (event.type) {
      case "part-started":
        if (event.start.kind === "tool-call" || event.start.kind === "whole")
          this.hasContent = true;
        if (event.start.kind === "reasoning" && event.start.redacted) this.hasContent = true;
        return;
      case "part-delta":
        this.textLength += event.text.length;
        if (event.text !== "") this.hasContent = true;
        return;
      case "part-state":
        if (event.providerState !== undefined) this.hasContent = true;
        return;
      case "choice-ended":
        this.stop = event.stop;
        this.#hasStopped = true;
        // A filter, a refusal or a spent limit is an answer, and a final one.
        if (!NATURAL_STOPS.has(event.stop)) this.hasContent = true;
        return;
      case "blocked":
        this.blocked = event.details;
        this.hasContent = true;
        return;
      case "usage":
        this.usage = event.usage;
        this.isUsageFinal = this.#hasStopped;
        return;
      case "faulted":
        this.fault = event.fault;
        return;
      case "unreadable":
        this.hasUnreadable = true;
        return;
      case "message-ended":
        this.hasEnded = true;
        return;
      default:
        return;
    }
  }
}

const NATURAL_STOPS: ReadonlySet<StopReason> = new Set<StopReason>([
  "end",
  "stop_sequence",
  "tool_call",
  "unknown",
  "error",
]);
