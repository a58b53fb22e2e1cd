// How the calls to a provider prove whose they are: one key, several, or a login.

import type { WrittenProvider } from "../document/document.ts";
import type { DocumentPath } from "../document/issue.ts";
import type { ProviderKindFacts } from "../provider-kind-facts.ts";
import type { WrittenLogin } from "../provider-logins.ts";
import type { CheckContext } from "./check-context.ts";
import { checkLogin, LOGIN_NAMES } from "./login-checks.ts";
import { isPlaceholder } from "./weak-secrets.ts";

export const LITERAL_SECRET = {
  code: "literal_secret",
  message: "Documents sent by API must not hold secrets.",
  hint: "Put the provider into the start-up file, with a reference to a variable.",
} as const;

/** Checks `api_key`, `api_keys`, `aws`, `google` and `entra`: one of them, and what stands in it. */
export function checkCredentials(
  path: DocumentPath,
  provider: WrittenProvider,
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  const { api_key: single, api_keys: several } = provider;
  const ways = waysOf(path, provider, context);
  if (ways.length === 0 && kind.needsKey) reportMissing(path, kind, context);
  if (single !== undefined) checkSecret([...path, "api_key"], single.reveal(), kind, context);
  checkLogins(path, provider, kind, context);
  const ids = new Set<string>();
  for (const [index, entry] of (several ?? []).entries()) {
    const place = [...path, "api_keys", index];
    if (ids.has(entry.id)) {
      context.errors.atValue([...place, "id"], {
        code: "duplicate",
        message: `The id \`${entry.id}\` stands twice among the keys of the provider.`,
      });
    }
    ids.add(entry.id);
    checkEntry(place, entry, kind, context);
  }
}

/** The names of the ways that are written, of which there may be one. */
function waysOf(path: DocumentPath, provider: WrittenProvider, context: CheckContext) {
  const names = ["api_key", "api_keys", ...LOGIN_NAMES] as const;
  const ways = names.filter((name) => provider[name] !== undefined);
  const [first, second] = ways;
  if (first !== undefined && second !== undefined) {
    context.errors.atKey([...path, second], {
      code: "conflict",
      message: `\`${first}\` and \`${second}\` exclude each other.`,
      hint: "Several credentials are a list: `api_keys`.",
    });
  }
  return ways;
}

function reportMissing(path: DocumentPath, kind: ProviderKindFacts, context: CheckContext): void {
  const ways = ["api_key", ...LOGIN_NAMES.filter((name) => kind.logins?.[name] !== undefined)];
  const names = [...ways, "api_keys"].map((name) => `\`${name}\``);
  context.errors.atKey(path, {
    code: "missing_key",
    message: `The kind \`${kind.id}\` needs the key ${names.slice(0, -1).join(", ")} or ${names.at(-1)}.`,
    hint: `Write \`api_key: \${env:NAME}\`. Servers without keys are \`kind: openai-compatible\`.`,
  });
}

/** One of several credentials. */
function checkEntry(
  path: DocumentPath,
  entry: NonNullable<WrittenProvider["api_keys"]>[number],
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  const ways = (["value", ...LOGIN_NAMES] as const).filter((name) => entry[name] !== undefined);
  if (ways.length !== 1) {
    context.errors.atKey(path, {
      code: ways.length === 0 ? "missing_key" : "conflict",
      message: "A credential is exactly one of `value`, `aws`, `google` and `entra`.",
    });
  }
  if (entry.value !== undefined)
    checkSecret([...path, "value"], entry.value.reveal(), kind, context);
  checkLogins(path, entry, kind, context);
}

function checkLogins(
  path: DocumentPath,
  written: WrittenLogin,
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  for (const name of LOGIN_NAMES) {
    if (written[name] === undefined) continue;
    const place = [...path, name];
    if (kind.logins?.[name] === undefined) {
      context.errors.atKey(place, {
        code: "conflict",
        message: `The kind \`${kind.id}\` has no use for \`${name}\`.`,
      });
    } else if (context.origin.kind === "api") context.errors.atKey(place, LITERAL_SECRET);
    else checkLogin(place, written, context);
  }
}

function checkSecret(
  path: DocumentPath,
  value: string,
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  if (context.origin.kind === "api") {
    context.errors.atValue(path, LITERAL_SECRET);
    return;
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    context.errors.atValue(path, {
      code: "weak_secret",
      message: "The key is empty or holds spaces, line ends or signs that no header can carry.",
    });
    return;
  }
  if (kind.needsKey && isPlaceholder(value)) {
    context.errors.atValue(path, {
      code: "weak_secret",
      message: "The key is a placeholder out of a sample, not a key.",
      hint: "Put the real key in its place.",
    });
  }
}
