// Where an imitator of OpenAI's chat API differs from it in writing, as data of the provider's file. What
// a model can do at all stands in the capability table; this is about how the same thing is said.

import type { JsonObject } from "#core/json.ts";
import type { ReasoningEffort } from "./neutral.ts";

/** How one effort is asked for. */
export interface EffortWords {
  /** Top-level members of the request. */
  readonly members: JsonObject;
  /** The vendor has no such effort, and this is the nearest: announced. */
  readonly isNearest?: boolean;
}

/** The differences of one vendor, or of a family of its models. Absent = as OpenAI has it. */
export interface ChatQuirks {
  /** Members of a request that the vendor refuses: left out, with a notice. `messages.name` counts as one. */
  readonly refused?: readonly string[];
  /** Members that the vendor calls otherwise: `seed` -> `random_seed`. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Members that every request gets: what asks for reasoning apart from the text. */
  readonly added?: JsonObject;
  /** How much to reason, effort by effort; an effort that is not named cannot be asked for. */
  readonly efforts?: Readonly<Partial<Record<ReasoningEffort | "adaptive", EffortWords>>>;
  /** Where a budget of reasoning tokens goes, at most two members deep, and what goes beside it. */
  readonly budget?: { readonly path: readonly [string, string?]; readonly beside?: JsonObject };
  /** What keeps reasoning out of the answer. */
  readonly hiddenReasoning?: JsonObject;
  /** Earlier reasoning goes back as parts of the content (Mistral's `thinking` chunks). */
  readonly hasThinkingParts?: boolean;
  /**
   * Nobody knows who answers there: reasoning goes back under both names in use, and none that another
   * vendor has signed.
   */
  readonly isUnknownServer?: boolean;
  /**
   * Stands for the reasoning that a turn with tool calls lacks, because another model wrote it: the
   * vendor demands some.
   */
  readonly reasoningPlaceholder?: string;
  /** Stands between results of tools and a message of the user, which the vendor refuses right after them. */
  readonly wordsAfterResults?: string;
  /** Documents as `document_url` instead of `file`. */
  readonly hasDocumentUrls?: boolean;
  /** `file_data` may be an address. */
  readonly hasFileAddresses?: boolean;
  /** Sound as a plain base64 text instead of an object. */
  readonly hasPlainAudio?: boolean;
  /** `cache_control` on parts of the content. */
  readonly hasCacheControl?: boolean;
  /** A router: it gives state of these origins back to the vendors behind it. */
  readonly relaysStateOf?: readonly string[];
  /** What makes the model go on with a last turn of the assistant. */
  readonly continues?: { readonly message?: JsonObject; readonly request?: JsonObject };
  /** Names of service tiers: `priority` -> `performance`. Tiers that are not named are left out. */
  readonly serviceTiers?: Readonly<Record<string, string>>;
}
