// The outlet of a path that passes as it is: the provider's own address, the path after it.

import { PASSTHROUGH } from "#dialects/passthrough/index.ts";
import type { ProviderEntry } from "#snapshot/snapshot.ts";
import type { Through } from "../routes.ts";
import type { Outlet } from "./build-request.ts";

/**
 * @param through whose path a rule has matched, so that it holds no dot segment and nothing encoded
 * @param query with its question mark, or empty; credentials in it are left out
 */
export function throughOutlet(provider: ProviderEntry, through: Through, query: string): Outlet {
  const path = afterBase(provider.baseUrl, through.path) + withoutKeys(query);
  return { dialect: PASSTHROUGH, endpoint: { method: through.method, path: () => path } };
}

/**
 * What comes after the address. Where that ends in the version that the path begins with (`…/v1` and
 * `/v1/files`), it stands there once.
 */
function afterBase(baseUrl: string, path: string): string {
  const base = new URL(baseUrl).pathname.split("/").filter((segment) => segment !== "");
  for (let from = 0; from < base.length; from += 1) {
    const end = `/${base.slice(from).join("/")}`;
    if (path.startsWith(`${end}/`)) return path.slice(end.length);
  }
  return path;
}

/** A caller's key is for the gateway; nobody else may see it. */
function withoutKeys(query: string): string {
  const kept = query
    .replace(/^\?/, "")
    .split("&")
    .filter((pair) => pair !== "" && !isKey(pair.split("=", 1)[0] ?? ""))
    // What a request line cannot hold has been sent by nobody who meant it.
    .filter((pair) => /^[\x21-\x7e]+$/.test(pair) && !pair.includes("#"));
  return kept.length === 0 ? "" : `?${kept.join("&")}`;
}

function isKey(name: string): boolean {
  try {
    return /^(?:key|api[-_]?key|access_token)$/i.test(
      decodeURIComponent(name.replaceAll("+", " ")),
    );
  } catch {
    return true;
  }
}
