// Neutral parts of a conversation as parts of a request to Gemini.

import { GatewayError, invalidRequest } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type {
  MediaSource,
  NeutralRequest,
  Part,
  ProviderState,
  ToolCallPart,
  ToolResultPart,
} from "../neutral.ts";
import { isMadeId } from "./call-ids.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import { isFetched, isGoogleAddress, textToBase64, typeOfAddress } from "./media.ts";
import { writeBesideContent, writeRawState } from "./own-state.ts";

type MediaPart = Extract<Part, { kind: "image" | "audio" | "video" | "file" }>;

/** Writes the parts of one request. One instance a request. */
export class UpstreamParts {
  readonly #context: UpstreamContext;
  readonly #isOwn: boolean;
  /** Names of the calls so far: Gemini wants them on the results, other dialects do not repeat them. */
  readonly #names = new Map<string, string>();

  constructor(request: NeutralRequest, context: UpstreamContext) {
    this.#context = context;
    this.#isOwn = request.origin === GEMINI_GENERATE;
  }

  /** @returns undefined for what is left out, with a notice unless it was empty anyway */
  write(part: Part): JsonObject | undefined {
    if (part.cache !== undefined) this.#context.notice("dropped", "cache_control");
    const states = this.#ownStates(part.providerState);
    switch (part.kind) {
      case "text":
      case "refusal":
        return this.#text(part.text, states);
      case "reasoning":
        return this.#reasoning(part.text, part.redacted, states);
      case "tool-call":
        return { ...this.#call(part, states), ...writeBesideContent(states) };
      case "tool-result":
        return { ...this.#result(part, states), ...writeBesideContent(states) };
      case "vendor":
        if (part.origin === GEMINI_GENERATE) return part.value;
        return this.#drop(part.name);
      default:
        return { ...this.#media(part), ...writeBesideContent(states) };
    }
  }

  /** State that Gemini itself once sent; all other is dropped, never renamed. */
  #ownStates(states: readonly ProviderState[] | undefined): readonly ProviderState[] {
    if (states === undefined) return [];
    const own = states.filter((state) => this.#context.stateOrigins.has(state.origin));
    if (own.length < states.length) this.#context.notice("dropped", "provider_state");
    return own;
  }

  #text(text: string, states: readonly ProviderState[]): JsonObject | undefined {
    const fields = writeBesideContent(states);
    // Gemini refuses empty parts, except those that exist for their signature.
    if (text === "" && Object.keys(fields).length === 0) return undefined;
    return { text, ...fields };
  }

  /** Thoughts go back to where they come from: Gemini's own, with or without a signature. */
  #reasoning(
    text: string,
    isRedacted: boolean,
    states: readonly ProviderState[],
  ): JsonObject | undefined {
    const isNative = states.length > 0 || (this.#isOwn && !isRedacted);
    if (!isNative) return this.#drop("reasoning");
    return { text, thought: true, ...writeBesideContent(states) };
  }

  #call(part: ToolCallPart, states: readonly ProviderState[]): JsonObject {
    this.#names.set(part.id, part.name);
    const functionCall = {
      ...(!isMadeId(part.id) && { id: part.id }),
      name: part.name,
      args: this.#arguments(part.argumentsJson),
      ...writeRawState(states, "functionCall"),
    };
    return { functionCall };
  }

  /** Arguments must be an object: what a model wrote otherwise is wrapped into one. */
  #arguments(text: string): JsonObject {
    if (text.trim() === "") return {};
    let value: unknown = text;
    try {
      value = parseInner(text);
    } catch {
      // Kept as text.
    }
    if (isJsonObject(value)) return value;
    if (value === null) return {};
    this.#context.notice("converted", "tool_arguments");
    return { arguments: typeof value === "string" ? value : text };
  }

  #result(part: ToolResultPart, states: readonly ProviderState[]): JsonObject {
    const name = part.name === "" ? this.#names.get(part.callId) : part.name;
    if (name === undefined) {
      throw invalidRequest("", "A tool result answers a call that is not in the conversation.");
    }
    const parts = part.content.flatMap((item) => this.#resultPart(item));
    const functionResponse = {
      ...(!isMadeId(part.callId) && { id: part.callId }),
      name: name,
      response: part.structured ?? wrapResult(part),
      ...(parts.length > 0 && { parts }),
      ...writeRawState(states, "functionResponse"),
    };
    return { functionResponse };
  }

  /** What stands in `parts` of a result: media, while text stands in `response`. */
  #resultPart(part: ToolResultPart["content"][number]): JsonObject[] {
    if (part.kind === "text") return [];
    if (part.kind === "vendor") {
      this.#context.notice("dropped", part.name);
      return [];
    }
    if (takes(this.#context.traits, "images_in_tool_results")) return [this.#media(part)];
    throw this.#unsupported(`no ${part.kind} in a tool result`);
  }

  #media(part: MediaPart): JsonObject {
    if (part.kind === "image" && part.detail !== undefined && part.detail !== "auto") {
      this.#context.notice("dropped", "image_detail");
    }
    const name = part.kind === "file" ? part.name : undefined;
    if (name !== undefined && !this.#isOwn) this.#context.notice("dropped", "file_name");
    return this.#source(part.source, part.kind, this.#isOwn ? name : undefined);
  }

  #source(source: MediaSource, kind: string, displayName: string | undefined): JsonObject {
    const name = displayName === undefined ? {} : { displayName };
    switch (source.from) {
      case "base64":
        return { inlineData: { mimeType: source.mediaType, data: source.data, ...name } };
      case "text":
        return {
          inlineData: { mimeType: source.mediaType, data: textToBase64(source.text), ...name },
        };
      case "vendor-file":
        if (source.origin !== GEMINI_GENERATE) {
          throw this.#unsupported(`no ${kind} that is stored at another vendor`);
        }
        return { fileData: { ...mimeType(source), fileUri: source.id, ...name } };
      case "url":
        // A Gemini client that names an address means what Google makes of it.
        if (this.#isOwn || isGoogleAddress(source.url)) {
          return { fileData: { ...mimeType(source), fileUri: source.url, ...name } };
        }
        if (!isFetched(source.url) || !takes(this.#context.traits, "media_urls")) {
          throw this.#unsupported(`no ${kind} by its address; send the bytes instead`);
        }
        return { fileData: { mimeType: typeOfAddress(source, kind), fileUri: source.url } };
    }
  }

  #unsupported(what: string): GatewayError {
    return new GatewayError(
      "unsupported_feature",
      `The model "${this.#context.model}" takes ${what}.`,
    );
  }

  #drop(subject: string): undefined {
    this.#context.notice("dropped", subject);
    return undefined;
  }
}

function mimeType(source: { readonly mediaType?: string }): JsonObject {
  return source.mediaType === undefined ? {} : { mimeType: source.mediaType };
}

/** A result must be an object; Google reads `error` as a failure. */
function wrapResult(part: ToolResultPart): JsonObject {
  const text = part.content.flatMap((item) => (item.kind === "text" ? [item.text] : [])).join("\n");
  return part.isError ? { error: text } : { result: text };
}
