// The request to one target: address and headers out of the configuration, never out of the call.

import type { DialectId, Operation } from "#core/facts.ts";
import type { Random } from "#core/ports/random.ts";
import type { Target } from "#core/target.ts";
import type { Dialect } from "#dialects/dialect.ts";
import { providerKindOf } from "#providers/list.ts";
import type { Endpoint, ProviderKind } from "#providers/provider.ts";
import type { ProviderEntry } from "#snapshot/snapshot.ts";

/** Which of the dialects that a provider speaks a call goes out in, and where. */
export interface Outlet {
  readonly dialect: DialectId;
  readonly endpoint: Endpoint;
}

/**
 * The caller's own dialect when the provider speaks it for this model, else the first that can be
 * translated to.
 * @param model what the name stands for
 * @returns undefined when there is none (a counting call is then answered by an estimate)
 */
export function outletOf(
  kind: ProviderKind,
  call: { readonly dialect: DialectId; readonly operation: Operation },
  model: string,
): Outlet | undefined {
  const { dialect, operation } = call;
  const own = kind.speaks[dialect]?.[operation];
  if (own !== undefined && serves(own, model)) return { dialect, endpoint: own };
  if (operation === "count_tokens") return undefined;
  for (const [spoken, operations] of Object.entries(kind.speaks)) {
    const endpoint = operations[operation];
    if (endpoint !== undefined && serves(endpoint, model)) return { dialect: spoken, endpoint };
  }
  return undefined;
}

function serves(endpoint: Endpoint, model: string): boolean {
  return endpoint.serves === undefined || endpoint.serves(model);
}

/** The URL of an endpoint. The model is escaped, so that no name can leave its path segment. */
export function urlOf(
  provider: ProviderEntry,
  endpoint: Endpoint,
  model: string,
  stream: boolean,
): string {
  return provider.baseUrl + endpoint.path(encodeURIComponent(model), stream, provider.settings);
}

/**
 * Headers of an attempt: fixed ones of the kind, then the client's own of the same dialect, then the
 * document's, then the credential, which nothing can replace.
 */
export function headersOf(
  provider: ProviderEntry,
  target: Target,
  client: { readonly headers: Headers; readonly dialect: Dialect; readonly isSameDialect: boolean },
): Record<string, string> {
  const headers: Record<string, string> = { ...fixedHeaders(provider, target) };
  if (client.isSameDialect) addForwarded(headers, provider, client);
  return headers;
}

/** Of the client's headers those that go to an upstream of its dialect. */
export function forwardedHeaders(
  provider: ProviderEntry,
  client: { readonly headers: Headers; readonly dialect: Dialect; readonly isSameDialect: boolean },
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (client.isSameDialect) addForwarded(headers, provider, client);
  return headers;
}

function addForwarded(
  headers: Record<string, string>,
  provider: ProviderEntry,
  client: { readonly headers: Headers; readonly dialect: Dialect },
): void {
  for (const name of client.dialect.forwardedHeaders) {
    const value = client.headers.get(name);
    // A list header that the document sets too is joined, so that neither side loses its flags.
    if (value !== null) headers[name] = joined(provider.headers[name], value);
  }
}

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/**
 * The attempt's own `traceparent` in the client's trace (W3C Trace Context, 2021).
 * @returns undefined when the client sent none, or none that is well-formed
 */
export function traceparentOf(client: Headers, random: Random): string | undefined {
  const match = TRACEPARENT.exec(client.get("traceparent") ?? "");
  if (match === null) return undefined;
  const span = Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `00-${match[1]}-${span}-${match[2]}`;
}

function joined(fromDocument: string | undefined, fromClient: string): string {
  return fromDocument === undefined || fromDocument === fromClient
    ? fromClient
    : `${fromDocument},${fromClient}`;
}

/** Built once a provider and credential: a snapshot's entries never change. */
const FIXED = new WeakMap<ProviderEntry, Map<string, Readonly<Record<string, string>>>>();

function fixedHeaders(provider: ProviderEntry, target: Target): Readonly<Record<string, string>> {
  let byKey = FIXED.get(provider);
  if (byKey === undefined) {
    byKey = new Map();
    FIXED.set(provider, byKey);
  }
  let headers = byKey.get(target.key);
  if (headers === undefined) {
    headers = Object.freeze(buildFixed(provider, target));
    byKey.set(target.key, headers);
  }
  return headers;
}

function buildFixed(provider: ProviderEntry, target: Target): Record<string, string> {
  const kind = providerKindOf(provider.kind);
  const credential = provider.credentials.find(({ id }) => id === target.key);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    // A compressed reply would have to be inflated before it can be read; see the runtime's traps.
    "accept-encoding": "identity",
    ...kind.headers,
    ...provider.headers,
  };
  if (credential !== undefined) {
    headers[kind.keyHeader.name] = kind.keyHeader.prefix + credential.value.reveal();
  }
  return headers;
}
