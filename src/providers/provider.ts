// What an upstream is, as data: one file each. The list of them is `list.ts`.

import type { CallFacts, DialectId, Operation } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { NoticeKind } from "#core/notices.ts";
import type { BodyEdits, ModelTraits } from "#dialects/dialect.ts";
import type { EmbeddingTraits } from "#dialects/embedding.ts";
import type { StreamFraming } from "#wire/frame-splitter.ts";
import type { SseEvent } from "#wire/sse.ts";

/** What a document says of a provider beyond its address and keys: its region, its project and so on. */
export type ProviderSettings = Readonly<Record<string, string>>;

/** The call that an outlet writes a body for. */
export interface OutletCall {
  readonly model: string;
  readonly stream: boolean;
  /** Of the client's headers those that its dialect forwards, lower case; none when dialects differ. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the document sends to this provider with every call. */
  readonly documentHeaders?: Readonly<Record<string, string>>;
  notice(kind: NoticeKind, subject: string): void;
}

/** What of a call decides where it loses least. */
export type CallShape = Pick<CallFacts, "choices" | "audioCount" | "reasoning">;

/** Where an operation lives. The path is appended to the provider's base URL. */
export interface Endpoint {
  /** Absent = POST. */
  readonly method?: string;
  /** @param model already percent-encoded for a path segment */
  path(model: string, stream: boolean, settings: ProviderSettings): string;
  /**
   * True for the models that are reached here; absent = all of them.
   * @param model what the name stands for, where the document says so
   */
  serves?(model: string, settings: ProviderSettings): boolean;
  /**
   * True where a call of another dialect loses least by going out here; absent = never more than by the
   * others, which are then taken in their order.
   * @param model what the name stands for, where the document says so
   */
  losesLeast?(model: string, call: CallShape): boolean;
  /** Only calls that pass through go here: what other dialects are translated to has a better way. */
  readonly isForOwnCallers?: true;
  /**
   * Top-level members that this outlet wants otherwise than its dialect says: the model only in the path,
   * a version in the body. Laid over bodies that pass through and over translated ones alike.
   */
  bodyEdits?(body: JsonObject, call: OutletCall): BodyEdits;
  /** The headers as this outlet takes them, where that is not as they are. */
  headers?(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** How its streams are framed, where that is another way than its dialect's usual one. */
  readonly streamFraming?: StreamFraming;
  /** Takes what its dialect's decoder reads out of a frame that wraps it. */
  unwrap?(frame: SseEvent): SseEvent;
  /** The dialect that its errors are in, where that is another one; perhaps only by how they look. */
  readonly faultsIn?: DialectId | ((body: Json | undefined) => DialectId | undefined);
}

/** How the credential is sent: always in a header, never in the URL. */
export interface KeyHeader {
  readonly name: string;
  /** Put before the key: `Bearer `. */
  readonly prefix: string;
}

/** Keys of a provider that only some kinds take. */
export const SETTING_NAMES = ["region", "project", "location", "resource", "api_version"] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

/** How a kind takes one of them. */
export interface SettingRule {
  /** `login`: it may be left out where every credential is a plain key. */
  readonly isRequired?: "always" | "login";
  /** Holds when the document gives none. */
  readonly fallback?: string;
}

/** How a kind lets callers prove who they are, beside the key in `keyHeader`. */
export interface LoginFacts {
  /** Amazon's signature; `service` is the name that stands in it. */
  readonly aws?: { readonly service: string };
  readonly google?: { readonly scope: string };
  readonly entra?: { readonly scope: string };
}

/** What the reference page says of a kind, and where its facts come from. */
export interface KindAbout {
  /** The vendor's documentation or schema. */
  readonly source: string;
  /** When it was last checked, `YYYY-MM-DD`. */
  readonly date: string;
  /** What the vendor has that its dialect alone does not tell, a few words each. */
  readonly features: readonly string[];
}

/** A kind of upstream. A missing operation is an absent key, never a stub. */
export interface ProviderKind {
  readonly id: string;
  readonly title: string;
  /** What the vendor's own SDK means by base URL; undefined = must be configured. */
  readonly defaultBaseUrl: string | undefined;
  /** Ends of a base URL that other clients of the vendor want and the paths here already hold: cut off. */
  readonly baseUrlEnds?: readonly string[];
  readonly about?: KindAbout;
  /** Written after the vendor's documentation and never held against its answers. */
  readonly isPreset?: true;
  /** It chooses among vendors itself: wishes for that in a call (`models`, `provider`) are its to read. */
  readonly isRouter?: true;
  /** False: a call without a key is fine (local servers). */
  readonly needsKey: boolean;
  readonly keyHeader: KeyHeader;
  /** Absent = there is no other way than the key. */
  readonly logins?: LoginFacts;
  /** Absent = it takes none. */
  readonly settings?: Readonly<Partial<Record<SettingName, SettingRule>>>;
  /** Where its API is for these settings, in place of `defaultBaseUrl`; undefined when they do not tell. */
  baseUrlFor?(settings: ProviderSettings): string | undefined;
  /** Names at this upstream are its customer's own: the catalogue prices them and lists none. */
  readonly hasOwnNames?: true;
  /** Takes `deployments`: names that stand for models. */
  readonly hasDeployments?: true;
  /** Percent that these settings cost on top of the catalogue's price of a model; absent = nothing. */
  surchargePercent?(model: string, settings: ProviderSettings): number;
  /** Sent with each request unless the client's own forwarded header or the document replaces it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Dialects in order of preference for translation. */
  readonly speaks: Readonly<Record<DialectId, Partial<Record<Operation, Endpoint>>>>;
  /** Origins of provider state that this kind understands. */
  readonly stateOrigins: readonly string[];
  /** Name of the kind in the catalogue; empty when it has none. */
  readonly catalogueId: string;
  /** How its requests travel: over HTTP, or answered in this process. */
  readonly transport: "http" | "demo";
  traits(model: string): ModelTraits;
  /** What its embedding models can do; absent = nothing is known to be missing. */
  embedding?(model: string): EmbeddingTraits;
}
