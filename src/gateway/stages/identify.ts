// Stage "identify": who is calling. In memory, no store, no wait.

import type { Caller } from "#core/caller.ts";
import { GatewayError } from "#core/errors.ts";
import type { CallerDirectory } from "#core/ports/caller-directory.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { IncomingCall } from "../exchange.ts";

/** The key that works in demo mode, from this machine alone. */
export const DEMO_KEY = "sk-sluice-demo";

const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "api-key"] as const;
const PLAIN_BEARER = /^Bearer \S+$/;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const LOOPBACK_ADDRESS = /^(?:127\.|::1$|::ffff:127\.)/;

/** @throws GatewayError `invalid_key` or `expired_key` */
export function identify(
  call: IncomingCall,
  directory: CallerDirectory,
  snapshot: Snapshot,
): Caller {
  const presented = presentedKey(call);
  if (presented === undefined) {
    throw new GatewayError(
      "invalid_key",
      "No API key was sent. Send a Sluice key, for example as Authorization: Bearer sk-sluice-….",
    );
  }
  if (presented === DEMO_KEY) return demoCaller(call, snapshot);
  const identified = directory.identify(presented);
  if (identified.kind === "caller") return identified.caller;
  if (identified.kind === "expired") {
    throw new GatewayError("expired_key", "This API key is no longer valid. Ask for a new one.");
  }
  throw new GatewayError(
    "invalid_key",
    "The API key is not known here. Check that it is a key of this gateway and complete.",
  );
}

/**
 * The one credential of the call.
 * @throws GatewayError `invalid_key` when two different ones were sent
 */
export function presentedKey(call: IncomingCall): string | undefined {
  const { headers } = call.request;
  let found: string | undefined;
  const take = (candidate: string | null | undefined): void => {
    if (candidate === null || candidate === undefined || candidate === "") return;
    if (found !== undefined && found !== candidate) {
      throw new GatewayError("invalid_key", "Two different API keys were sent. Send one.");
    }
    found = candidate;
  };
  take(bearerOf(headers.get("authorization")));
  for (const name of KEY_HEADERS) take(headers.get(name)?.trim());
  if (call.query.includes("key=")) {
    for (const key of new URLSearchParams(call.query).getAll("key")) take(key);
  }
  return found;
}

/** @throws GatewayError `invalid_key` when there is more than one bearer token in the header */
function bearerOf(authorization: string | null): string | undefined {
  if (authorization === null) return undefined;
  // How nearly everybody writes it.
  if (PLAIN_BEARER.test(authorization)) return authorization.slice("Bearer ".length);
  const tokens = /^bearer\s+(?<token>\S+)(?<more>\s.*\S)?\s*$/i.exec(authorization)?.groups;
  if (tokens?.["more"] !== undefined) {
    throw new GatewayError("invalid_key", "The authorization header is not one bearer token.");
  }
  return tokens?.["token"];
}

/**
 * The demo key opens nothing but the demo: a loopback peer that addressed this machine by a loopback
 * name, with no proxy in between, so that neither a web page nor a forwarded port can use it.
 */
function demoCaller(call: IncomingCall, snapshot: Snapshot): Caller {
  const { headers } = call.request;
  const isLocal =
    snapshot.demo &&
    LOOPBACK_ADDRESS.test(call.peerAddress) &&
    LOOPBACK_HOST.test(headers.get("host") ?? "") &&
    ![...headers.keys()].some(isForwarding);
  if (!isLocal) {
    throw new GatewayError(
      "invalid_key",
      `${DEMO_KEY} only works in demo mode, from this machine, without a proxy in between.`,
    );
  }
  return DEMO_CALLER;
}

function isForwarding(name: string): boolean {
  return name === "forwarded" || name.startsWith("x-forwarded-");
}

const DEMO_CALLER: Caller = Object.freeze({
  tenant: "default",
  project: "",
  keyId: "demo",
  keyName: "demo",
  plan: "",
  tags: Object.freeze([]),
  allowedModels: undefined,
});
