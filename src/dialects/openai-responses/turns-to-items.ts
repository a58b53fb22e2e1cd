// Instructions and turns as the input of a request.

import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type {
  NeutralRequest,
  Part,
  ProviderState,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
  Turn,
} from "../neutral.ts";
import { OPENAI_CHAT } from "../openai-chat/dialect-id.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import type { MessageState } from "./own-state.ts";
import { messageStateOf, ownValue } from "./own-state.ts";
import { partsToContent, textOf } from "./parts-to-content.ts";
import { unsupported } from "./tools-from-neutral.ts";

/** APIs in which the model begins anew after a last turn of its own, as it does here. */
const BEGIN_ANEW: ReadonlySet<string> = new Set([OPENAI_CHAT, OPENAI_RESPONSES]);

/** The members of a body that hold the conversation. */
export interface WrittenInput {
  readonly instructions?: string;
  readonly input: Json[];
}

/**
 * Writes the items.
 * @throws GatewayError `unsupported_feature` for what they cannot hold
 */
export function turnsToItems(request: NeutralRequest, context: UpstreamContext): WrittenInput {
  if (request.turns.at(-1)?.role === "assistant" && !BEGIN_ANEW.has(request.origin)) {
    throw unsupported("The beginning of an answer that is to be continued");
  }
  if (request.turns.some((turn) => turn.name !== undefined)) context.notice("dropped", "name");
  const writer = new ItemWriter(context);
  const [first, ...more] = request.instructions;
  const isPlain = more.length === 0 && first?.kind === "text";
  if (first !== undefined && !isPlain) writer.message("system", request.instructions);
  for (const turn of request.turns) writer.turn(turn);
  const { items } = writer;
  return isPlain ? { instructions: textOf(first, context), input: items } : { input: items };
}

/** A message of the model under construction. */
interface OpenMessage {
  readonly content: JsonObject[];
  readonly state: MessageState | undefined;
}

class ItemWriter {
  readonly items: Json[] = [];
  readonly #context: UpstreamContext;
  /** Reasoning whose state is still to come: its parts are one item with that. */
  #summaries: string[] = [];

  constructor(context: UpstreamContext) {
    this.#context = context;
  }

  turn(turn: Turn): void {
    for (const part of turn.parts) if (part.kind === "tool-result") this.#result(part);
    const rest = turn.parts.filter((part) => part.kind !== "tool-result");
    if (turn.role === "assistant") this.#answer(rest);
    else if (rest.length > 0 || turn.parts.length === 0) this.message(turn.role, rest);
  }

  /** A whole item of this API may stand where a message would. */
  message(role: "user" | "system", parts: readonly Part[]): void {
    const items = parts.filter(isItem);
    const content = parts.filter((part) => !isItem(part));
    for (const part of items) this.items.push(part.value);
    if (content.length === 0 && items.length > 0) return;
    this.items.push({ role, content: partsToContent(content, this.#context) });
  }

  #answer(parts: readonly Part[]): void {
    let message: OpenMessage | undefined;
    for (const part of parts) {
      if (part.cache !== undefined && part.kind !== "text") {
        this.#context.notice("dropped", "cache_control");
      }
      if (part.kind !== "text" && part.kind !== "refusal") {
        this.#endMessage(message);
        message = undefined;
        this.#item(part);
        continue;
      }
      const state = messageStateOf(this.#ownStates(part));
      if (message === undefined || state?.phase !== message.state?.phase) {
        this.#endMessage(message);
        message = { content: [], state };
      }
      if (part.kind === "refusal") message.content.push({ type: "refusal", refusal: part.text });
      else if (part.text !== "") message.content.push(this.#text(part));
    }
    this.#endMessage(message);
    this.#dropSummaries();
  }

  #text(part: Extract<Part, { kind: "text" }>): JsonObject {
    const citations = part.citations;
    const isOwn = citations?.origin === OPENAI_RESPONSES;
    if (citations !== undefined && !isOwn) this.#context.notice("dropped", "citations");
    const annotations = isOwn ? { annotations: [...citations.items] } : {};
    return { type: "output_text", text: textOf(part, this.#context), ...annotations };
  }

  /** A message of this API's own goes back as the item that it was, any other in the short form. */
  #endMessage(message: OpenMessage | undefined): void {
    const [only, ...more] = message?.content ?? [];
    if (message === undefined || only === undefined) return;
    this.#dropSummaries();
    const { content, state } = message;
    const phase = state === undefined ? {} : { phase: state.phase };
    if (state !== undefined && state.id !== "") {
      const item = { type: "message", id: state.id, status: "completed", role: "assistant" };
      this.items.push({ ...item, ...phase, content });
      return;
    }
    const isPlain = more.length === 0 && Object.keys(only).length === 2 && "text" in only;
    this.items.push({
      role: "assistant",
      content: isPlain ? (only["text"] ?? "") : content,
      ...phase,
    });
  }

  #item(part: Exclude<Part, { kind: "text" | "refusal" }>): void {
    switch (part.kind) {
      case "reasoning":
        this.#reasoning(part);
        return;
      case "tool-call":
        this.#dropSummaries();
        this.items.push(this.#call(part));
        return;
      case "vendor":
        this.#dropSummaries();
        if (part.origin === OPENAI_RESPONSES) this.items.push(part.value);
        else this.#context.notice("dropped", part.name);
        return;
      default:
        this.#context.notice("dropped", `assistant.${part.kind}`);
    }
  }

  /**
   * Encrypted reasoning goes back as the item that it came in. Reasoning in words alone means something
   * only to models that are known to want it.
   */
  #reasoning(part: ReasoningPart): void {
    const states = this.#ownStates(part);
    const encrypted = ownValue(states, "encrypted");
    if (encrypted !== undefined) {
      const texts = part.text === "" ? this.#summaries : [...this.#summaries, part.text];
      this.#summaries = [];
      const id = ownValue(states, "id");
      this.items.push({
        type: "reasoning",
        ...(id !== undefined && { id }),
        summary: texts.map((text) => ({ type: "summary_text", text })),
        encrypted_content: encrypted,
      });
      return;
    }
    if (part.text === "") return;
    if (this.#context.traits.reasoningField !== undefined) {
      const content = [{ type: "reasoning_text", text: part.text }];
      this.items.push({ type: "reasoning", summary: [], content });
    } else if ((part.providerState ?? []).length > 0) this.#context.notice("dropped", "reasoning");
    else this.#summaries.push(part.text);
  }

  #dropSummaries(): void {
    if (this.#summaries.length > 0) this.#context.notice("dropped", "reasoning");
    this.#summaries = [];
  }

  #call(part: ToolCallPart): JsonObject {
    this.#ownStates(part);
    return {
      type: "function_call",
      call_id: part.id,
      name: part.name,
      arguments: part.argumentsJson,
    };
  }

  #result(result: ToolResultPart): void {
    if (result.cache !== undefined) this.#context.notice("dropped", "cache_control");
    const content = this.#marked(result);
    const structured = result.structured;
    const isTold = structured === undefined || content.some((part) => part.kind === "text");
    const parts: readonly Part[] = isTold
      ? content
      : [{ kind: "text", text: JSON.stringify(structured) }, ...content];
    this.items.push({
      type: "function_call_output",
      call_id: result.callId,
      output: partsToContent(parts, this.#context),
    });
  }

  /** There is no flag for a failed call, so the text has to say it. */
  #marked(result: ToolResultPart): ToolResultPart["content"] {
    if (!result.isError) return result.content;
    this.#context.notice("converted", "tool_result.is_error");
    const [first, ...rest] = result.content;
    if (first?.kind === "text") return [{ ...first, text: `Error: ${first.text}` }, ...rest];
    return [{ kind: "text", text: "Error: the call failed." }, ...result.content];
  }

  /** The state that comes from where the request goes to; the rest is announced. */
  #ownStates(part: Part): readonly ProviderState[] {
    const states = part.providerState ?? [];
    const own = states.filter(({ origin }) => this.#context.stateOrigins.has(origin));
    if (own.length < states.length) this.#context.notice("dropped", "provider_state");
    return own;
  }
}

/** True for what is no content of a message but an item of its own. */
function isItem(part: Part): part is Extract<Part, { kind: "vendor" }> {
  return part.kind === "vendor" && part.origin === OPENAI_RESPONSES && !/^input_/.test(part.name);
}
