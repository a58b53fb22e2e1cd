// The request to one target: address and headers out of the configuration, never out of the call.

import type { DialectId, Operation } from "#core/facts.ts";
import type { Login } from "#core/login.ts";
import type { Random } from "#core/ports/random.ts";
import type { Target } from "#core/target.ts";
import type { Dialect } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";
import { providerKindOf } from "#providers/list.ts";
import type { CallShape, Endpoint } from "#providers/provider.ts";
import type { ProviderEntry } from "#snapshot/snapshot.ts";

/** Which of the dialects that a provider speaks a call goes out in, and where. */
export interface Outlet {
  readonly dialect: DialectId;
  readonly endpoint: Endpoint;
}

/**
 * The caller's own dialect when the provider speaks it for this model, else the one that the call loses
 * least in: the first that says so, or the first that can be translated to.
 * @param model what the name stands for
 * @param rank 0 = that one; 1 = the next best, for a call that the first could not carry, and so on
 * @returns undefined when there is none (a counting call is then answered by an estimate)
 */
export function outletOf(
  { kind: id, settings }: Pick<ProviderEntry, "kind" | "settings">,
  call: CallShape & { readonly dialect: DialectId; readonly operation: Operation },
  model: string,
  rank = 0,
): Outlet | undefined {
  const kind = providerKindOf(id);
  const { dialect, operation } = call;
  const own = kind.speaks[dialect]?.[operation];
  const hasOwn = own !== undefined && serves(own, model, settings);
  if (hasOwn && rank === 0) return { dialect, endpoint: own };
  const best: Outlet[] = [];
  const others: Outlet[] = [];
  for (const [spoken, operations] of Object.entries(kind.speaks)) {
    const endpoint = operations[operation];
    if (spoken === dialect || endpoint === undefined) continue;
    if (!serves(endpoint, model, settings)) continue;
    if (endpoint.isForOwnCallers) continue;
    if (operation === "count_tokens" && !counts(spoken)) continue;
    const list = endpoint.losesLeast?.(model, call) === true ? best : others;
    list.push({ dialect: spoken, endpoint });
  }
  return [...best, ...others][hasOwn ? rank - 1 : rank];
}

function serves(
  endpoint: Endpoint,
  model: string,
  settings: Readonly<Record<string, string>>,
): boolean {
  return endpoint.serves === undefined || endpoint.serves(model, settings);
}

/** Whether requests of other dialects can be counted in this one. */
function counts(spoken: DialectId): boolean {
  return dialectOf(spoken).translation?.count !== undefined;
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
 * @param own of this attempt alone
 * @returns the same frozen object each time for calls that bring nothing along, which is most of them:
 *   the transport writes such an object once
 */
export function headersOf(
  provider: ProviderEntry,
  target: Target,
  client: { readonly headers: Headers; readonly dialect: Dialect; readonly isSameDialect: boolean },
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { headers } = fixedOf(provider, target);
  const brought = forwardedHeaders(provider, client);
  if (isBare(brought) && isBare(own)) return headers;
  return { ...headers, ...brought, ...own };
}

function isBare(headers: Readonly<Record<string, string>>): boolean {
  for (const _name in headers) return false;
  return true;
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
  const told = client.get("traceparent");
  const match = told === null ? null : TRACEPARENT.exec(told);
  if (match === null) return undefined;
  const span = Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `00-${match[1]}-${span}-${match[2]}`;
}

function joined(fromDocument: string | undefined, fromClient: string): string {
  return fromDocument === undefined || fromDocument === fromClient
    ? fromClient
    : `${fromDocument},${fromClient}`;
}

/** What is the same for all calls with one credential. */
interface Fixed {
  readonly headers: Readonly<Record<string, string>>;
  /** What the credential needs beyond these headers; undefined for a key or a token sent as it is. */
  readonly login: Login | undefined;
}

/** Built once a provider and credential: a snapshot's entries never change. */
const FIXED = new WeakMap<ProviderEntry, Map<string, Fixed>>();

/** The login that a request has to be authorised by before it is sent; undefined = it is as it is. */
export function loginOf(provider: ProviderEntry, target: Target): Login | undefined {
  return fixedOf(provider, target).login;
}

function fixedOf(provider: ProviderEntry, target: Target): Fixed {
  let byKey = FIXED.get(provider);
  if (byKey === undefined) {
    byKey = new Map();
    FIXED.set(provider, byKey);
  }
  let fixed = byKey.get(target.key);
  if (fixed === undefined) {
    fixed = buildFixed(provider, target);
    byKey.set(target.key, fixed);
  }
  return fixed;
}

function buildFixed(provider: ProviderEntry, target: Target): Fixed {
  const kind = providerKindOf(provider.kind);
  const credential = provider.credentials.find(({ id }) => id === target.key);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    // A compressed reply would have to be inflated before it can be read; see the runtime's traps.
    "accept-encoding": "identity",
    ...kind.headers,
    ...provider.headers,
  };
  if (credential?.value !== undefined) {
    headers[kind.keyHeader.name] = kind.keyHeader.prefix + credential.value.reveal();
  }
  const login = credential?.login;
  const isBearer = login?.by === "bearer";
  if (isBearer) headers["authorization"] = `Bearer ${login.token.reveal()}`;
  return { headers: Object.freeze(headers), login: isBearer ? undefined : login };
}
