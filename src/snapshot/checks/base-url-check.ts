// Where a provider may live. Names are checked again when they have been resolved, at connect.

import { networkClassOfHost } from "#core/network-address.ts";
import type { DocumentPath, Finding } from "../document/issue.ts";
import type { ProviderKindFacts } from "../provider-kind-facts.ts";
import type { CheckContext } from "./check-context.ts";

/**
 * The form in which base URLs are kept: normalised, without a slash at the end.
 * @param ends what the paths of the kind begin with: cut off, since other clients want it in the address
 */
export function normalBaseUrl(text: string, ends: readonly string[] = []): string {
  const url = new URL(text).href.replace(/\/+$/, "");
  const end = ends.find((candidate) => url.endsWith(candidate));
  return end === undefined ? url : url.slice(0, -end.length);
}

/** Checks `base_url`. The value itself is never repeated: it may come from a variable. */
export function checkBaseUrl(
  path: DocumentPath,
  text: string | undefined,
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  if (text === undefined) {
    if (kind.defaultBaseUrl !== undefined) return;
    context.errors.atKey(path.slice(0, -1), {
      code: "missing_key",
      message: `The kind \`${kind.id}\` needs the key \`base_url\`.`,
      hint: "Write the address of its API: `http://127.0.0.1:11434/v1`.",
    });
    return;
  }
  const finding = formProblem(text) ?? addressProblem(text, context);
  if (finding !== undefined) context.errors.atValue(path, finding);
}

function formProblem(text: string): Finding | undefined {
  const code = "invalid_value";
  // The URL parser would silently drop or turn round these signs.
  if (/[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) {
    return { code, message: "`base_url` is not a URL.", hint: "Write `https://host/path`." };
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { code, message: "`base_url` must begin with `https://` or `http://`." };
  }
  if (url.username !== "" || url.password !== "") {
    return {
      code,
      message: "`base_url` must not hold a user or password.",
      hint: "Use `api_key`.",
    };
  }
  if (/[?#]/.test(text))
    return { code, message: "`base_url` must end with its path: no `?`, no `#`." };
  return undefined;
}

function addressProblem(text: string, context: CheckContext): Finding | undefined {
  const code = "forbidden_address";
  const network = networkClassOfHost(new URL(text).hostname);
  if (network === "link-local" || network === "metadata" || network === "unusable") {
    return {
      code,
      message:
        "`base_url` points to a link-local, metadata or reserved address; providers never live there.",
    };
  }
  const isInside = network === "private" || network === "loopback";
  if (!isInside || context.origin.kind !== "api") return undefined;
  return {
    code,
    message:
      "`base_url` points to a private or loopback address, which a document sent by API must not name.",
    hint: "Put the provider into the start-up file.",
  };
}
