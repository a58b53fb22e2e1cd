// One neutral part as a block of a request to Anthropic: what state goes along, and what is refused.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type {
  FilePart,
  ImagePart,
  NeutralRequest,
  Part,
  ReasoningPart,
  ToolResultPart,
  Turn,
  VendorPart,
} from "../neutral.ts";
import { writeCacheMark } from "./cache-mark.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import {
  callBlock,
  fileBlock,
  hasForeignCitations,
  imageBlock,
  readArguments,
  textBlock,
} from "./parts-to-blocks.ts";
import { restOf } from "./provider-state.ts";
import { toolIdentifier } from "./tool-identifiers.ts";

/** Where a part stands. */
export interface PartPlace {
  readonly role: Turn["role"];
  /** For messages to the caller: `turns[2].parts[0]`. */
  readonly path: string;
}

/** Writes the parts of one request. */
export class RequestPartWriter {
  readonly #context: UpstreamContext;
  readonly #isOwn: boolean;

  constructor(request: NeutralRequest, context: UpstreamContext) {
    this.#context = context;
    this.#isOwn = request.origin === ANTHROPIC_MESSAGES;
  }

  /**
   * @returns undefined when nothing of it can go along; a notice says so
   * @throws GatewayError `unsupported_feature` for content that the model was meant to read
   */
  write(part: Part, place: PartPlace): JsonObject | undefined {
    if (part.kind === "vendor") return this.#vendor(part, place);
    if (part.kind === "reasoning") return this.#reasoning(part);
    const block = this.#block(part, place);
    return { ...this.#rest(part), ...block, ...writeCacheMarkOnce(block, part) };
  }

  #block(part: Exclude<Part, VendorPart | ReasoningPart>, place: PartPlace): JsonObject {
    switch (part.kind) {
      case "text":
        if (hasForeignCitations(part)) this.#context.notice("dropped", "citations");
        return textBlock(part);
      case "refusal":
        return { type: "text", text: part.text };
      case "image":
        if (part.detail === "low" || part.detail === "high" || part.detail === "original") {
          this.#context.notice("dropped", "image_detail");
        }
        this.#refuseAddress(part, place);
        return imageBlock(part) ?? refuse("image", place);
      case "file":
        this.#refuseAddress(part, place);
        return fileBlock(part) ?? refuse("file", place);
      case "tool-call":
        if (readArguments(part.argumentsJson).isWrapped) {
          this.#context.notice("converted", "tool_arguments");
        }
        return callBlock(part);
      case "tool-result":
        return this.#result(part, place);
      case "audio":
      case "video":
        return refuse(part.kind, place);
    }
  }

  /** Some clouds that sell these models fetch nothing. */
  #refuseAddress(part: ImagePart | FilePart, place: PartPlace): void {
    const isAddress = part.source.from === "url";
    if (!isAddress || this.#isOwn || takes(this.#context.traits, "media_urls")) return;
    refuse(`${part.kind} by its address`, place);
  }

  /** Signed for this upstream, else left out: an unsigned or foreign thought is answered with a 400. */
  #reasoning(part: ReasoningPart): JsonObject | undefined {
    const kind = part.redacted ? "redacted" : "signature";
    const state = part.providerState?.find(
      (candidate) => candidate.kind === kind && this.#context.stateOrigins.has(candidate.origin),
    );
    if (state === undefined) {
      this.#context.notice("dropped", "reasoning");
      return undefined;
    }
    const rest = this.#isOwn ? restOf(part.providerState) : {};
    if (part.redacted) return { ...rest, type: "redacted_thinking", data: state.value };
    return { ...rest, type: "thinking", thinking: part.text, signature: state.value };
  }

  #vendor(part: VendorPart, place: PartPlace): JsonObject | undefined {
    if (part.origin === ANTHROPIC_MESSAGES) return part.value;
    // What a model once got from its vendor's tools is history; what a user sends is to be read.
    if (place.role !== "assistant") return refuse(part.name, place);
    this.#context.notice("dropped", part.name);
    return undefined;
  }

  #result(part: ToolResultPart, place: PartPlace): JsonObject {
    const blocks = part.content
      .map((content, index) => {
        const isImage = content.kind === "image";
        if (isImage && !takes(this.#context.traits, "images_in_tool_results")) {
          refuse("image in a tool result", place);
        }
        const path = `${place.path}.content[${index}]`;
        return this.write(content, { role: place.role, path });
      })
      .filter((block) => block !== undefined);
    const content = contentOf(blocks.filter((block) => this.#isOwn || !isEmptyText(block)));
    // Text that is empty is an empty result, whatever object it came out of.
    const isTold =
      part.structured === undefined || part.content.some(({ kind }) => kind === "text");
    const written = content ?? (isTold ? undefined : JSON.stringify(part.structured));
    return {
      type: "tool_result",
      tool_use_id: toolIdentifier(part.callId),
      ...(written !== undefined && { content: written }),
      is_error: part.isError,
    };
  }

  /** Raw members go along only for a caller of this dialect: nobody else could have seen them. */
  #rest(part: Part): JsonObject {
    const states = part.providerState ?? [];
    if (states.some((state) => state.origin !== ANTHROPIC_MESSAGES)) {
      this.#context.notice("dropped", "provider_state");
    }
    return this.#isOwn ? restOf(states) : {};
  }
}

/** True for a text block without anything to read, which Anthropic rejects. */
export function isEmptyText(block: JsonObject): boolean {
  return (
    block["type"] === "text" && typeof block["text"] === "string" && block["text"].trim() === ""
  );
}

/** Content of a result: a bare string for one plain text, as callers write it most. */
function contentOf(blocks: readonly JsonObject[]): JsonObject[] | string | undefined {
  const [first, ...more] = blocks;
  if (first === undefined) return undefined;
  const isPlain = more.length === 0 && Object.keys(first).length === 2 && first["type"] === "text";
  return isPlain && typeof first["text"] === "string" ? first["text"] : [...blocks];
}

function writeCacheMarkOnce(block: JsonObject, part: Part): JsonObject {
  return "cache_control" in block ? {} : writeCacheMark(part.cache);
}

function refuse(what: string, { path }: PartPlace): never {
  throw new GatewayError(
    "unsupported_feature",
    `Anthropic's models cannot be given this ${what} (${path}). Leave it out or ask for another model.`,
    { param: path },
  );
}
