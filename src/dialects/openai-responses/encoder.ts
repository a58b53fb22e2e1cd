// Writes a Responses stream: the response as it begins, its items one after the other, and the whole
// response at the end. There is no `[DONE]` (31 of 31 recorded streams of OpenAI, 2026).

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import type { ClientContext, StreamEncoder } from "../dialect.ts";
import type { NeutralEvent } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { frame } from "./frame.ts";
import { OutputBuilder } from "./output-builder.ts";
import type { ResponseHead } from "./response-shell.ts";
import { responseShell } from "./response-shell.ts";
import type { WrittenStop } from "./stop-reason.ts";
import { BLOCKED, writeStop } from "./stop-reason.ts";
import { writeToolUsage, writeUsage } from "./usage.ts";

/** One stream. Faults are written by the dialect's `faultFrames`, not here. */
export class ResponsesEncoder implements StreamEncoder {
  readonly #context: ClientContext;
  readonly #output: OutputBuilder;
  #frames = "";
  #sequence = 0;
  #head: ResponseHead | undefined;
  #usage: Usage | undefined;
  #ended: Extract<NeutralEvent, { type: "choice-ended" }> | undefined;
  #isBlocked = false;
  #hasOtherChoices = false;

  constructor(context: ClientContext) {
    this.#context = context;
    this.#output = new OutputBuilder(context, (type, members) => this.#write(type, members));
  }

  encode(event: NeutralEvent): string {
    if ("choice" in event && event.choice !== 0) return this.#dropChoice();
    this.#take(event);
    const frames = this.#frames;
    this.#frames = "";
    return frames;
  }

  #take(event: NeutralEvent): void {
    switch (event.type) {
      case "message-started":
        this.#start(event);
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "choice-ended":
        this.#ended = event;
        return;
      case "blocked":
        this.#isBlocked = true;
        return;
      case "message-ended":
        this.#finish();
        return;
      case "unreadable":
      case "faulted":
        return;
      default:
        this.#output.take(event);
    }
  }

  #start(event: Extract<NeutralEvent, { type: "message-started" }>): void {
    this.#head = headOf(event, this.#context);
    const response = responseShell(this.#head);
    this.#write("response.created", { response });
    this.#write("response.in_progress", { response });
  }

  #finish(): void {
    this.#output.finish();
    const head = this.#head ?? headOf({ id: "", model: "", createdAt: 0 }, this.#context);
    const end = endOf(this.#isBlocked ? undefined : this.#ended, this.#output);
    if (this.#ended?.stop === "pause") this.#context.notice("converted", "stop_reason");
    const response = finishedResponse(head, this.#output.items, {
      end,
      usage: this.#usage,
      completedAt: this.#context.nowSeconds,
    });
    this.#write(`response.${end.status}`, { response });
  }

  #write(type: string, members: JsonObject): void {
    this.#frames += frame(type, members, this.#sequence);
    this.#sequence += 1;
  }

  #dropChoice(): string {
    if (!this.#hasOtherChoices) this.#context.notice("dropped", "choices");
    this.#hasOtherChoices = true;
    return "";
  }
}

/** What stands in a response from its beginning. */
export function headOf(
  started: {
    readonly id: string;
    readonly model: string;
    readonly createdAt: number;
    readonly origin?: string;
  },
  context: ClientContext,
): ResponseHead {
  const { id, model, createdAt, origin } = started;
  const isOwn = origin === OPENAI_RESPONSES || id.startsWith("resp_");
  return {
    // An error in the middle of the stream names the response too, and knows only the request.
    id: isOwn ? id : `resp_${context.requestId.replace(/^req_/, "")}`,
    model,
    createdAt: createdAt === 0 ? context.nowSeconds : createdAt,
    facts: context.facts,
  };
}

/** How an answer ended; a prompt that was blocked before any answer ended by the filter. */
export function endOf(
  ended: Pick<Extract<NeutralEvent, { type: "choice-ended" }>, "stop"> | undefined,
  output: Pick<OutputBuilder, "hasRefusal" | "items">,
): WrittenStop {
  if (ended === undefined) return BLOCKED;
  // A call that its vendor did not expect is still a call, which waits for its result.
  const isCalling = output.items.some(({ type }) => type === "function_call");
  const isReadable = ended.stop === "malformed_tool_call" && isCalling;
  return writeStop(isReadable ? "tool_call" : ended.stop, output.hasRefusal);
}

/** The whole response. */
export function finishedResponse(
  head: ResponseHead,
  output: readonly JsonObject[],
  rest: {
    readonly end: WrittenStop;
    readonly usage: Usage | undefined;
    readonly completedAt: number;
  },
): JsonObject {
  const { end, usage, completedAt } = rest;
  return {
    ...responseShell(head),
    completed_at: end.status === "completed" ? completedAt : null,
    ...end,
    output: [...output],
    usage: usage === undefined ? null : writeUsage(usage),
    ...(usage !== undefined && writeToolUsage(usage)),
  };
}
