// Neutral parts of an answer as a Gemini client reads them.

import type { JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ClientContext } from "../dialect.ts";
import type { MediaSource, Part, ProviderState, StopReason } from "../neutral.ts";
import { isMadeId } from "./call-ids.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import { textToBase64 } from "./media.ts";
import { writeBesideContent } from "./own-state.ts";
import { ENCODED_SENTINEL, sealEnvelope } from "./signatures.ts";
import { writeStop } from "./stop-reason.ts";

type Notices = Pick<ClientContext, "notice">;

/** Writes the parts of one choice, in order. One instance a choice. */
export class ClientParts {
  readonly #notices: Notices;
  /** True once a call was written: only the first one of a turn is signed. */
  #hasCall = false;
  #hasBrokenCall = false;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** The finish reason; a call that could not be written must not end as if it had been. */
  finishReason(stop: StopReason, vendorStop: string): string {
    const isBroken = this.#hasBrokenCall && stop === "tool_call";
    return writeStop(isBroken ? "malformed_tool_call" : stop, isBroken ? "" : vendorStop);
  }

  /** @returns undefined for what a Gemini client cannot be told, with a notice */
  write(part: Part): JsonObject | undefined {
    const content = this.#content(part);
    if (content === undefined) return undefined;
    const isRedacted = part.kind === "reasoning" && part.redacted;
    return { ...content, ...this.state(part.providerState, part.kind === "tool-call", isRedacted) };
  }

  /** The fields that carry state: Google's own as it is, another vendor's in an envelope. */
  state(
    states: readonly ProviderState[] | undefined,
    isCall: boolean,
    isRedacted: boolean,
  ): JsonObject {
    const isFirstCall = isCall && !this.#hasCall;
    if (isCall) this.#hasCall = true;
    const all = states ?? [];
    const fields = writeBesideContent(all.filter((state) => state.origin === GEMINI_GENERATE));
    const sealed = fields["thoughtSignature"] === undefined ? sealable(all) : [];
    const lost = all.filter((state) => state.origin !== GEMINI_GENERATE && !sealed.includes(state));
    if (lost.length > 0) this.#notices.notice("dropped", "provider_state");
    if (fields["thoughtSignature"] !== undefined) return fields;
    if (sealed.length > 0 || isRedacted) {
      return { ...fields, thoughtSignature: sealEnvelope(sealed, isRedacted) };
    }
    // The client sends the parts back as they are. Should the next turn go to Gemini itself, this
    // is what it takes in place of the signature that another model's call cannot have.
    return isFirstCall ? { ...fields, thoughtSignature: ENCODED_SENTINEL } : fields;
  }

  #content(part: Part): JsonObject | undefined {
    switch (part.kind) {
      case "text":
      case "refusal":
        return { text: part.text };
      case "reasoning":
        return { text: part.text, thought: true };
      case "tool-call":
        return this.#call(part.id, part.name, part.argumentsJson);
      case "image":
      case "audio":
      case "video":
      case "file":
        return this.#media(part.source, part.kind);
      case "vendor":
        if (part.origin === GEMINI_GENERATE) return part.value;
        return this.#drop(part.name);
      case "tool-result":
        return this.#drop("tool_result");
    }
  }

  #call(id: string, name: string, argumentsJson: string): JsonObject | undefined {
    const args = callArguments(argumentsJson);
    // A call cut off in its arguments must not look like a call with others.
    if (args === undefined) {
      this.#hasBrokenCall = true;
      return this.#drop("tool_call");
    }
    return { functionCall: { ...(!isMadeId(id) && { id }), name, args } };
  }

  #media(source: MediaSource, kind: string): JsonObject | undefined {
    if (source.from === "base64") {
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    }
    if (source.from === "text") {
      return { inlineData: { mimeType: source.mediaType, data: textToBase64(source.text) } };
    }
    if (source.from === "vendor-file" && source.origin !== GEMINI_GENERATE) return this.#drop(kind);
    const fileUri = source.from === "url" ? source.url : source.id;
    return { fileData: { fileUri, ...(source.mediaType && { mimeType: source.mediaType }) } };
  }

  #drop(subject: string): undefined {
    this.#notices.notice("dropped", subject);
    return undefined;
  }
}

/** What of another vendor's state fits one envelope: that of one origin, and nothing raw, which a
 *  client could forge. */
function sealable(states: readonly ProviderState[]): ProviderState[] {
  const foreign = states.filter(
    (state) => state.origin !== GEMINI_GENERATE && state.kind !== "raw",
  );
  return foreign.filter((state) => state.origin === foreign[0]?.origin);
}

/** Arguments as an object; undefined when the text is cut off or no JSON object. */
export function callArguments(argumentsJson: string): JsonObject | undefined {
  if (argumentsJson.trim() === "") return {};
  try {
    const value: unknown = parseInner(argumentsJson);
    if (value === null) return {};
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
