// The keys of a provider that only some kinds take, as written and with what holds without them.

import { SETTING_NAMES } from "#providers/provider.ts";
import type { WrittenProvider } from "./document/document.ts";
import { accountOf } from "./google-account.ts";
import type { ProviderKindFacts } from "./provider-kind-facts.ts";

/** The settings of a provider; what the kind does not take is not in them. */
export function providerSettings(
  written: WrittenProvider,
  kind: ProviderKindFacts | undefined,
): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const name of SETTING_NAMES) {
    const rule = kind?.settings?.[name];
    if (rule === undefined) continue;
    const value = written[name] ?? (name === "project" ? ownProject(written) : undefined);
    const settled = value ?? rule.fallback;
    if (settled !== undefined) settings[name] = settled;
  }
  return settings;
}

/** A service account belongs to a project; calls are made there unless the document says otherwise. */
function ownProject(written: WrittenProvider): string | undefined {
  const logins = [written.google, ...(written.api_keys ?? []).map(({ google }) => google)];
  for (const login of logins) {
    const account = login?.service_account;
    const project = account === undefined ? undefined : accountOf(account.reveal()).project;
    if (project !== undefined) return project;
  }
  return undefined;
}
