// Where a provider may live. Names are checked again when they have been resolved, at connect.

import { networkClassOfHost } from "#core/network-address.ts";
import type { WrittenProvider } from "../document/document.ts";
import type { DocumentPath, Finding } from "../document/issue.ts";
import type { ProviderKindFacts } from "../provider-kind-facts.ts";
import { providerSettings } from "../provider-settings.ts";
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
  provider: WrittenProvider,
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  const { base_url: text } = provider;
  if (text !== undefined) {
    checkAddress(path, text, context);
    return;
  }
  if (kind.defaultBaseUrl !== undefined) {
    const subject = `The address of the kind \`${kind.id}\``;
    const finding = addressProblem(subject, kind.defaultBaseUrl, context);
    if (finding !== undefined) context.errors.atKey(path.slice(0, -1), finding);
    return;
  }
  const settings = providerSettings(provider, kind);
  if (kind.baseUrlFor?.(settings) !== undefined) return;
  const missing = Object.entries(kind.settings ?? {}).filter(
    ([name, { isRequired }]) => isRequired !== undefined && settings[name] === undefined,
  );
  // What is missing is told where it is checked; the address would follow from it.
  if (missing.length > 0) return;
  const hasResource = kind.settings?.["resource"] !== undefined;
  const names = hasResource ? ["base_url", "resource"] : ["base_url"];
  const address = hasResource
    ? "https://my-resource.openai.azure.com"
    : "http://127.0.0.1:11434/v1";
  context.errors.atKey(path.slice(0, -1), {
    code: "missing_key",
    message: `The kind \`${kind.id}\` needs the key ${names.map((name) => `\`${name}\``).join(" or ")}.`,
    hint: `Write the address of its API: \`${address}\`.`,
  });
}

/** Checks the address of a service that Sluice calls; messages name the key that the path ends in. */
export function checkAddress(path: DocumentPath, text: string, context: CheckContext): void {
  const key = `\`${path.at(-1)}\``;
  const finding = formProblem(key, text) ?? addressProblem(key, text, context);
  if (finding !== undefined) context.errors.atValue(path, finding);
}

function formProblem(key: string, text: string): Finding | undefined {
  const code = "invalid_value";
  // The URL parser would silently drop or turn round these signs.
  if (/[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) {
    return { code, message: `${key} is not a URL.`, hint: "Write `https://host/path`." };
  }
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { code, message: `${key} must begin with \`https://\` or \`http://\`.` };
  }
  if (url.username !== "" || url.password !== "") {
    return {
      code,
      message: `${key} must not hold a user or password.`,
      hint: "Use `api_key`.",
    };
  }
  if (/[?#]/.test(text))
    return { code, message: `${key} must end with its path: no \`?\`, no \`#\`.` };
  return undefined;
}

function addressProblem(key: string, text: string, context: CheckContext): Finding | undefined {
  const code = "forbidden_address";
  const network = networkClassOfHost(new URL(text).hostname);
  if (network === "link-local" || network === "metadata" || network === "unusable") {
    return {
      code,
      message: `${key} points to a link-local, metadata or reserved address; nothing there is ever called.`,
    };
  }
  const isInside = network === "private" || network === "loopback";
  if (!isInside || context.origin.kind !== "api") return undefined;
  return {
    code,
    message: `${key} points to a private or loopback address, which a document sent by API must not name.`,
    hint: "Put the provider into the start-up file.",
  };
}
