// One neutral part as the blocks of a request to Bedrock: what state goes along, and what is refused.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type {
  AudioPart,
  FilePart,
  ImagePart,
  NeutralRequest,
  Part,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Turn,
  VendorPart,
  VideoPart,
} from "../neutral.ts";
import { writeCachePoint } from "./cache-point.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import { DocumentNames } from "./document-names.ts";
import { formatOf, type MediaKind } from "./media-format.ts";
import { writeSource } from "./media-source.ts";
import { restOf } from "./own-state.ts";
import { callBlock, readArguments, textBlock } from "./parts-to-blocks.ts";
import { toolIdentifier } from "./tool-identifiers.ts";

/** Where a part stands. */
export interface PartPlace {
  readonly role: Turn["role"];
  /** For messages to the caller: `turns[2].parts[0]`. */
  readonly path: string;
}

type MediaPart = ImagePart | AudioPart | VideoPart | FilePart;

/** Writes the parts of one request. */
export class RequestPartWriter {
  readonly #context: UpstreamContext;
  readonly #isOwn: boolean;
  readonly #names = new DocumentNames();

  constructor(request: NeutralRequest, context: UpstreamContext) {
    this.#context = context;
    this.#isOwn = request.origin === BEDROCK_CONVERSE;
  }

  /**
   * @returns the block and what stands behind it; none when nothing of it can go along, with a notice
   * @throws GatewayError `unsupported_feature` for content that the model was meant to read
   */
  write(part: Part, place: PartPlace): JsonObject[] {
    const block = this.#block(part, place);
    if (block === undefined || (!this.#isOwn && isBlank(block))) return [];
    const cache = part.cache ?? innerCache(part);
    if (cache === undefined) return [block];
    if (this.#isOwn || takes(this.#context.traits, "cache_marks")) {
      return [block, writeCachePoint(cache)];
    }
    this.#context.notice("dropped", "cache_control");
    return [block];
  }

  #block(part: Part, place: PartPlace): JsonObject | undefined {
    switch (part.kind) {
      case "vendor":
        return this.#vendor(part, place);
      case "reasoning":
        return this.#reasoning(part);
      case "text":
        return this.#text(part);
      case "refusal":
        return { text: part.text };
      case "tool-call":
        return this.#call(part);
      case "tool-result":
        return this.#result(part, place);
      case "image":
        if (part.detail === "low" || part.detail === "high" || part.detail === "original") {
          this.#context.notice("dropped", "image_detail");
        }
        return this.#media("image", part, place);
      case "audio":
      case "video":
        return this.#media(part.kind, part, place);
      case "file":
        return this.#file(part, place);
    }
  }

  #text(part: TextPart): JsonObject {
    const { block, hasLoss } = textBlock(part);
    if (hasLoss) this.#context.notice("dropped", "citations");
    const rest = this.#rest(part);
    return rest["json"] === true ? jsonBlock(part.text) : block;
  }

  #call(part: ToolCallPart): JsonObject {
    if (readArguments(part.argumentsJson).isWrapped) {
      this.#context.notice("converted", "tool_arguments");
    }
    return callBlock(part, this.#rest(part));
  }

  #media(kind: MediaKind, part: MediaPart, place: PartPlace): JsonObject {
    const written = writeSource(kind, part.source, this.#isOwn);
    if (written === undefined) return refuse(part, place);
    return { [kind]: { ...this.#rest(part), ...written } };
  }

  /** A file is a document, unless its type says that it is an image, a video or a sound. */
  #file(part: FilePart, place: PartPlace): JsonObject {
    const type = part.source.mediaType ?? "";
    const kind = MEDIA_KINDS.find((one) => formatOf(one, type) !== undefined);
    if (kind !== undefined) return this.#media(kind, part, place);
    const written = writeSource("document", part.source, this.#isOwn);
    if (written === undefined) return refuse(part, place);
    const rest = this.#rest(part);
    if (this.#isOwn) {
      return { document: { ...rest, ...written, ...(part.name !== undefined && named(part)) } };
    }
    const name = this.#names.next(part.name);
    if (part.name !== undefined && name !== part.name) {
      this.#context.notice("converted", "file_name");
    }
    return { document: { ...written, name } };
  }

  /** Signed for this upstream, else left out: an unsigned or foreign thought is answered with a 400. */
  #reasoning(part: ReasoningPart): JsonObject | undefined {
    const kind = part.redacted ? "redacted" : "signature";
    const state = part.providerState?.find(
      (candidate) => candidate.kind === kind && this.#context.stateOrigins.has(candidate.origin),
    );
    const isOwnWord = this.#isOwn && !part.redacted && (part.providerState ?? []).length === 0;
    if (state === undefined && !isOwnWord) {
      this.#context.notice("dropped", "reasoning");
      return undefined;
    }
    if (part.redacted) return { reasoningContent: { redactedContent: state?.value ?? "" } };
    const signature = state === undefined ? {} : { signature: state.value };
    return { reasoningContent: { reasoningText: { text: part.text, ...signature } } };
  }

  #vendor(part: VendorPart, place: PartPlace): JsonObject | undefined {
    if (part.origin === BEDROCK_CONVERSE) return part.value;
    // What a model once got from its vendor's tools is history; what a user sends is to be read.
    if (place.role !== "assistant") return refuse(part, place);
    this.#context.notice("dropped", part.name);
    return undefined;
  }

  #result(part: ToolResultPart, place: PartPlace): JsonObject {
    const content = part.content.flatMap((inner, index) => {
      const path = `${place.path}.content[${index}]`;
      if (inner.kind === "image" && !takes(this.#context.traits, "images_in_tool_results")) {
        refuse(inner, { role: place.role, path });
      }
      const block = this.#block(inner, { role: place.role, path });
      return block === undefined || (!this.#isOwn && isBlank(block)) ? [] : [block];
    });
    const structured = part.structured === undefined ? [] : [{ json: part.structured }];
    return {
      toolResult: {
        ...this.#rest(part),
        toolUseId: toolIdentifier(part.callId),
        content: content.length > 0 ? content : structured,
        ...(part.isError && { status: "error" }),
      },
    };
  }

  /** Raw members go along only for a caller of this dialect: nobody else could have seen them. */
  #rest(part: Part): JsonObject {
    const states = part.providerState ?? [];
    if (states.some((state) => state.origin !== BEDROCK_CONVERSE)) {
      this.#context.notice("dropped", "provider_state");
    }
    return this.#isOwn ? restOf(states) : {};
  }
}

const MEDIA_KINDS = ["image", "video", "audio"] as const;

function named(part: FilePart): JsonObject {
  return { name: part.name };
}

/** True for a text block without anything to read, which Bedrock rejects. */
function isBlank(block: JsonObject): boolean {
  return typeof block["text"] === "string" && block["text"].trim() === "";
}

/** Marks inside of a tool's result have no place there: the whole result is cached instead. */
function innerCache(part: Part): Part["cache"] {
  if (part.kind !== "tool-result") return undefined;
  return part.content.find(({ cache }) => cache !== undefined)?.cache;
}

function jsonBlock(text: string): JsonObject {
  try {
    return { json: parseInner(text) };
  } catch {
    return { text };
  }
}

function refuse(part: Part, { path }: PartPlace): never {
  const what = part.kind === "vendor" ? part.name : part.kind;
  const isAddress = "source" in part && part.source.from === "url";
  const hint = isAddress
    ? "Bedrock fetches nothing: send the bytes in base64, or an s3:// address."
    : "Leave it out or ask for another model.";
  throw new GatewayError(
    "unsupported_feature",
    `Bedrock cannot be given this ${what} (${path}). ${hint}`,
    { param: path },
  );
}
