// The route table of the data plane: from a path to a dialect and an operation. Everything that can
// reach a provider stands here; there is no other way in.

import { GatewayError } from "#core/errors.ts";
import type { DialectId, Operation } from "#core/facts.ts";

/** A call that goes through the pipeline. */
export interface CallRoute {
  readonly kind: "call";
  readonly dialect: DialectId;
  readonly operation: Operation;
  /** Model out of the path; empty when the body names it. */
  readonly model: string;
  /** Whether to stream, out of the path; undefined when the body says so. */
  readonly stream: boolean | undefined;
  /** Set for `/passthrough` alone. */
  readonly through?: Through;
}

/** What is asked of a provider as it is. */
export interface Through {
  readonly provider: string;
  readonly method: string;
  /** As it was sent, beginning with a slash. */
  readonly path: string;
}

/** A list of models, or one of them. */
export interface ModelsRoute {
  readonly kind: "models";
  readonly dialect: DialectId;
  /** Empty for the list. */
  readonly model: string;
}

export type Route = CallRoute | ModelsRoute;

/** A row of the table: one path, one method. `{model}` stands for the rest of the path. */
interface RouteRow {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly route: Route;
}

const OPENAI = "openai-chat";
const RESPONSES = "openai-responses";
const ANTHROPIC = "anthropic-messages";
const GEMINI = "gemini-generate";
const EMBEDDINGS = "embeddings";
const RERANK = "rerank";
const COMPLETIONS = "openai-completions";
const MODERATIONS = "openai-moderations";
const MEDIA = "openai-media";
const PASSTHROUGH = "passthrough";
const THROUGH_PATH = "/passthrough/";

/** Paths without a model in them. */
export const EXACT_ROUTES: readonly RouteRow[] = [
  call("/v1/chat/completions", OPENAI, "generate"),
  call("/v1/responses", RESPONSES, "generate"),
  call("/v1/responses/input_tokens", RESPONSES, "count_tokens"),
  call("/v1/messages", ANTHROPIC, "generate"),
  call("/v1/messages/count_tokens", ANTHROPIC, "count_tokens"),
  call("/v1/embeddings", EMBEDDINGS, "embed"),
  call("/v1/rerank", RERANK, "rerank"),
  call("/v1/completions", COMPLETIONS, "complete"),
  call("/v1/moderations", MODERATIONS, "moderate"),
  call("/v1/images/generations", MEDIA, "generate_image"),
  call("/v1/images/edits", MEDIA, "edit_image"),
  call("/v1/images/variations", MEDIA, "vary_image"),
  call("/v1/audio/speech", MEDIA, "speak"),
  call("/v1/audio/transcriptions", MEDIA, "transcribe"),
  call("/v1/audio/translations", MEDIA, "translate_audio"),
  { method: "GET", path: "/v1/models", route: { kind: "models", dialect: OPENAI, model: "" } },
  { method: "GET", path: "/v1beta/models", route: { kind: "models", dialect: GEMINI, model: "" } },
];

/** What may follow the model in a Gemini path. */
const GEMINI_ACTIONS: ReadonlyMap<
  string,
  Pick<CallRoute, "dialect" | "operation" | "stream">
> = new Map([
  ["generateContent", { dialect: GEMINI, operation: "generate", stream: false }],
  ["streamGenerateContent", { dialect: GEMINI, operation: "generate", stream: true }],
  ["countTokens", { dialect: GEMINI, operation: "count_tokens", stream: false }],
  ["embedContent", { dialect: "gemini-embed", operation: "embed", stream: false }],
  ["batchEmbedContents", { dialect: "gemini-embed-batch", operation: "embed", stream: false }],
]);

/** Paths of the contract whose engines do not exist yet, by their beginning, with their dialect. */
const NOT_AVAILABLE: readonly (readonly [string, DialectId])[] = [
  // Answers that are stored at the vendor, and what it makes of them.
  ["/v1/responses", RESPONSES],
  ["/v1/files", OPENAI],
  ["/v1/batches", OPENAI],
  ["/v1/vector_stores", OPENAI],
  ["/v1/messages/batches", ANTHROPIC],
];

/** Every path of this table with its method, `{model}` for a name: for whoever has to look at them all. */
export function listedRoutes(): readonly { readonly method: string; readonly path: string }[] {
  const actions = [...GEMINI_ACTIONS.keys()];
  const own = [
    ...EXACT_ROUTES.map(({ method, path }) => ({ method, path })),
    ...MODEL_PATHS.flatMap((path) => [
      { method: "GET", path: `${path}{model}` },
      ...actions.map((action) => ({ method: "POST", path: `${path}{model}:${action}` })),
    ]),
    ...NOT_AVAILABLE.filter(([path]) => !EXACT.has(path)).map(([path]) => ({
      method: "POST",
      path,
    })),
    { method: "POST", path: `${THROUGH_PATH}{provider}/{path}` },
  ];
  const underAliases = ALIASES.flatMap((alias) => {
    const version = alias.slice(alias.indexOf("/", 1));
    return own
      .filter(({ path }) => path.startsWith(version))
      .map(({ method, path }) => ({ method, path: alias + path.slice(version.length) }));
  });
  return [...own, ...underAliases];
}

const EXACT: ReadonlyMap<string, RouteRow> = new Map(EXACT_ROUTES.map((row) => [row.path, row]));
const ALIASES = ["/openai/v1/", "/anthropic/v1/", "/gemini/v1beta/", "/gemini/v1/"];
const MODEL_LIST = "/v1/models";
const MODEL_PATHS = [`${MODEL_LIST}/`, "/v1beta/models/"] as const;
/** Some of Google's clients take a name with a slash for the whole path behind this. */
const WHOLE_PATHS = "/v1beta/";

/**
 * Finds the route of a call.
 * @param path without query, as the client sent it, percent-encoding included
 * @param headers tell which vendor's client asks where vendors share a path
 * @throws GatewayError `unknown_route`, `method_not_allowed` or `not_available`
 */
export function matchRoute(method: string, path: string, headers: Headers): Route {
  const own = withoutAlias(path);
  const exact = EXACT.get(own);
  if (exact !== undefined) {
    if (exact.method !== method) throw wrongMethod(exact.method, headers);
    if (own !== MODEL_LIST) return exact.route;
    return { kind: "models", dialect: listDialect(path, headers), model: "" };
  }
  if (own.startsWith(THROUGH_PATH)) return throughRoute(method, own);
  const named = matchModelPath(method, path, headers);
  if (named !== undefined) return named;
  for (const [beginning] of NOT_AVAILABLE) {
    if (own === beginning || own.startsWith(`${beginning}/`)) throw unbuilt(beginning, headers);
  }
  throw new GatewayError(
    "unknown_route",
    "There is no such path. Base URLs of OpenAI's clients end in /v1, those of Anthropic's and Google's have no path.",
  );
}

/** Whether the document opens the path is not known here. */
function throughRoute(method: string, own: string): CallRoute {
  const rest = own.slice(THROUGH_PATH.length);
  const slash = rest.indexOf("/");
  const provider = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? "" : rest.slice(slash);
  const through = { provider, method, path };
  const operation = "pass_through";
  return { kind: "call", dialect: PASSTHROUGH, operation, model: "", stream: false, through };
}

/** The dialect in which to answer errors of a path that has no route. */
export function dialectOfPath(path: string, headers: Headers): DialectId {
  const own = withoutAlias(path);
  const exact = EXACT.get(own);
  if (exact !== undefined && own !== MODEL_LIST) return exact.route.dialect;
  if (own.startsWith(THROUGH_PATH)) return PASSTHROUGH;
  if (own.startsWith("/v1beta/") || path.startsWith("/gemini/")) return GEMINI;
  if (own.startsWith("/v1/models/") && own.includes(":")) return GEMINI;
  if (own.startsWith("/v1/models")) return listDialect(path, headers);
  if (own.startsWith("/v1/messages") || path.startsWith("/anthropic/")) return ANTHROPIC;
  return NOT_AVAILABLE.find(([beginning]) => own.startsWith(beginning))?.[1] ?? OPENAI;
}

/** Vendors share the paths of their model lists; the alias or what their clients send tells them apart. */
function listDialect(path: string, headers: Headers): DialectId {
  if (path.includes("/v1beta/") || path.startsWith("/gemini/")) return GEMINI;
  if (headers.has("anthropic-version")) return ANTHROPIC;
  // What Google's own clients send with every call. Its key header alone is one of five for any dialect.
  return headers.has("x-goog-api-client") ? GEMINI : OPENAI;
}

function unbuilt(beginning: string, headers: Headers): GatewayError {
  const message = `${beginning} is not available yet.`;
  return isWebSocket(headers) ? stayWithHttp(message) : new GatewayError("not_available", message);
}

/** Only the Responses API has a WebSocket, but whoever asks for one anywhere means that. */
function isWebSocket(headers: Headers): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket";
}

/** A client that asks for a WebSocket is told to stay with HTTP, which it then does by itself. */
function stayWithHttp(message: string): GatewayError {
  return new GatewayError("not_available", message, {
    status: 426,
    headers: { upgrade: "HTTP/1.1" },
  });
}

/** `/openai/v1/…` is `/v1/…`: for clients that only let one change the host. */
function withoutAlias(path: string): string {
  for (const alias of ALIASES) {
    if (path.startsWith(alias)) return path.slice(path.indexOf("/", 1));
  }
  return path;
}

function matchModelPath(method: string, path: string, headers: Headers): Route | undefined {
  const own = withoutAlias(path);
  const beginning = [...MODEL_PATHS, WHOLE_PATHS].find((each) => own.startsWith(each));
  // Nothing in a path may be empty: such paths escape the listener's check for dot segments.
  if (beginning === undefined || own.includes("//") || own.endsWith("/")) return undefined;
  const rest = decoded(own.slice(beginning.length));
  const colon = rest.lastIndexOf(":");
  const action = colon > 0 ? GEMINI_ACTIONS.get(rest.slice(colon + 1)) : undefined;
  const model = rest.slice(0, colon);
  if (beginning === WHOLE_PATHS && (action === undefined || !model.includes("/"))) return undefined;
  if (action !== undefined) {
    if (method !== "POST") throw wrongMethod("POST");
    return { kind: "call", model, ...action };
  }
  if (method !== "GET") throw wrongMethod("GET");
  return { kind: "models", dialect: listDialect(path, headers), model: rest };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new GatewayError("invalid_request", "The path is not valid percent-encoded UTF-8.");
  }
}

function wrongMethod(allowed: string, headers?: Headers): GatewayError {
  if (headers !== undefined && isWebSocket(headers)) {
    return stayWithHttp("WebSockets are not available yet. Use HTTP.");
  }
  return new GatewayError("method_not_allowed", `Use ${allowed} here.`, {
    headers: { allow: allowed },
  });
}

function call(path: string, dialect: DialectId, operation: Operation): RouteRow {
  return {
    method: "POST",
    path,
    route: { kind: "call", dialect, operation, model: "", stream: undefined },
  };
}
