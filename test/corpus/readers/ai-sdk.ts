// The independent reader: the Vercel AI SDK's provider of a dialect, handed a reply through its own
// `fetch`. What it makes of a reply is brought into one shape, so that two dialects can be compared.

import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createCohere } from "@ai-sdk/cohere";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createMistral } from "@ai-sdk/mistral";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { DialectId } from "#core/facts.ts";
import { asObject, asString } from "#core/json.ts";

/** A reply as a client gets it. */
export interface GivenReply {
  readonly body: string | Uint8Array;
  readonly isStream: boolean;
}

/** What a client reads out of a reply. */
export interface ClientReading {
  readonly text: string;
  readonly reasoning: string;
  /** Calls of the caller's own tools, arguments parsed. */
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly stop: string;
  readonly usage: {
    readonly input: number | undefined;
    readonly cacheRead: number | undefined;
    readonly output: number | undefined;
    readonly reasoning: number | undefined;
  };
  /** What the reader complained of. */
  readonly faults: readonly string[];
}

type Fetch = typeof fetch;

/** What of a provider's model is used; their packages bring types of their own. */
interface ReadingModel {
  doGenerate(options: object): PromiseLike<{
    readonly content: readonly object[];
    readonly finishReason: unknown;
    readonly usage: ModelUsage;
  }>;
  doStream(options: object): PromiseLike<{ readonly stream: AsyncIterable<object> }>;
}

interface ModelUsage {
  readonly inputTokens?: { readonly total?: number; readonly cacheRead?: number };
  readonly outputTokens?: { readonly total?: number; readonly reasoning?: number };
}

/** @returns a `ReadingModel`, in the provider's own type */
type MakeModel = (fetch: Fetch) => unknown;

const COMMON = { apiKey: "none", baseURL: "http://reader.invalid/v1" } as const;

/** The model that reads a dialect. A new dialect is one line here. */
const MODELS: Readonly<Record<DialectId, MakeModel>> = {
  "openai-chat": (fetch) =>
    createOpenAICompatible({ ...COMMON, name: "reader", includeUsage: true, fetch })("any"),
  "anthropic-messages": (fetch) => createAnthropic({ ...COMMON, fetch })("claude-any"),
  "gemini-generate": (fetch) => createGoogleGenerativeAI({ ...COMMON, fetch })("gemini-any"),
  "openai-responses": (fetch) => createOpenAI({ ...COMMON, fetch }).responses("any"),
  "bedrock-converse": (fetch) =>
    createAmazonBedrock({ ...COMMON, region: "us-east-1", fetch })("anthropic.claude-any"),
  "cohere-chat": (fetch) => createCohere({ ...COMMON, fetch })("command-any"),
};

/** Vendors whose dialect a package of their own reads better. */
const VENDOR_MODELS: Readonly<Record<string, MakeModel>> = {
  mistral: (fetch) => createMistral({ ...COMMON, fetch })("mistral-any"),
};

/** True for a dialect that this reader knows. */
export function hasReader(dialect: DialectId): boolean {
  return MODELS[dialect] !== undefined;
}

/**
 * Reads a reply; throws what the provider throws.
 * @param vendor who sent it, where it came from a vendor
 */
export async function readAsClient(
  dialect: DialectId,
  reply: GivenReply,
  vendor = "",
): Promise<ClientReading> {
  const make = VENDOR_MODELS[vendor] ?? MODELS[dialect];
  if (make === undefined) throw new Error(`No reader knows ${dialect}.`);
  const model = make(handing(reply)) as ReadingModel;
  const gathering = new Gathering();
  const prompt = [{ role: "user", content: [{ type: "text", text: "?" }] }];
  if (reply.isStream) {
    const { stream } = await model.doStream({ prompt });
    for await (const part of stream) gathering.add(part);
  } else {
    const result = await model.doGenerate({ prompt });
    for (const part of result.content) gathering.add(part);
    gathering.end(result.finishReason, result.usage);
  }
  return gathering.reading();
}

const AWS_STREAM = "application/vnd.amazon.eventstream";

function handing({ body, isStream }: GivenReply): Fetch {
  const framing = typeof body === "string" ? "text/event-stream" : AWS_STREAM;
  const type = isStream ? framing : "application/json";
  const answer = async (): Promise<Response> =>
    new Response(body as BodyInit, { status: 200, headers: { "content-type": type } });
  return answer as unknown as Fetch;
}

/** Puts parts of a reply, or of a stream, together. */
class Gathering {
  #text = "";
  #reasoning = "";
  readonly #calls: { name: string; arguments: unknown }[] = [];
  readonly #faults: string[] = [];
  #stop = "none";
  #usage: ModelUsage | undefined;

  add(part: object): void {
    const fields = asObject(part) ?? {};
    switch (fields["type"]) {
      case "text":
        this.#text += asString(fields["text"]) ?? "";
        return;
      case "text-delta":
        this.#text += asString(fields["delta"]) ?? "";
        return;
      case "reasoning":
        this.#reasoning += asString(fields["text"]) ?? "";
        return;
      case "reasoning-delta":
        this.#reasoning += asString(fields["delta"]) ?? "";
        return;
      case "tool-call":
        if (fields["providerExecuted"] === true) return;
        this.#calls.push({
          name: asString(fields["toolName"]) ?? "",
          arguments: argumentsOf(asString(fields["input"]) ?? ""),
        });
        return;
      case "error":
        this.#faults.push(String((part as { error: unknown }).error));
        return;
      case "finish": {
        const ended = part as { finishReason: unknown; usage: ModelUsage };
        this.end(ended.finishReason, ended.usage);
        return;
      }
      default:
    }
  }

  end(finishReason: unknown, usage: ModelUsage): void {
    this.#stop = asString(asObject(finishReason)?.["unified"]) ?? String(finishReason);
    this.#usage = usage;
  }

  reading(): ClientReading {
    const input = this.#usage?.inputTokens;
    const output = this.#usage?.outputTokens;
    return {
      text: this.#text,
      reasoning: this.#reasoning,
      calls: this.#calls,
      stop: this.#stop,
      usage: {
        input: input?.total,
        cacheRead: input?.cacheRead,
        output: output?.total,
        reasoning: output?.reasoning,
      },
      faults: this.#faults,
    };
  }
}

/** Arguments as a value; text that is no JSON stays text. */
function argumentsOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
