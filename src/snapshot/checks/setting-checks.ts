// Keys of a provider that only some kinds take: refused where they would be ignored, missed where they
// are needed.

import { SETTING_NAMES, type SettingName } from "#providers/provider.ts";
import type { WrittenProvider } from "../document/document.ts";
import type { DocumentPath } from "../document/issue.ts";
import type { ProviderKindFacts } from "../provider-kind-facts.ts";
import { providerSettings } from "../provider-settings.ts";
import type { CheckContext } from "./check-context.ts";

/** Checks region, project, location and so on, and `deployments`. */
export function checkSettings(
  path: DocumentPath,
  provider: WrittenProvider,
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  const settings = providerSettings(provider, kind);
  for (const name of SETTING_NAMES) {
    if (kind.settings?.[name] === undefined) {
      if (provider[name] !== undefined) refuse(path, name, kind, context);
    } else if (settings[name] === undefined && isNeeded(name, provider, kind)) {
      context.errors.atKey(path, {
        code: "missing_key",
        message: `The kind \`${kind.id}\` needs the key \`${name}\`${
          kind.settings[name].isRequired === "login" ? " unless it is called with a plain key" : ""
        }.`,
      });
    }
  }
  if (Object.keys(provider.deployments).length > 0 && kind.hasDeployments !== true) {
    refuse(path, "deployments", kind, context);
  }
  if (provider.resource !== undefined && provider.base_url !== undefined) {
    context.errors.atKey([...path, "resource"], {
      code: "conflict",
      message: "`resource` and `base_url` exclude each other: both give the address.",
    });
  }
}

function isNeeded(name: SettingName, provider: WrittenProvider, kind: ProviderKindFacts): boolean {
  const need = kind.settings?.[name]?.isRequired;
  if (need !== "login") return need === "always";
  const entries = [provider, ...(provider.api_keys ?? [])];
  return entries.some(({ aws, google, entra }) => (aws ?? google ?? entra) !== undefined);
}

function refuse(
  path: DocumentPath,
  name: string,
  kind: ProviderKindFacts,
  context: CheckContext,
): void {
  context.errors.atKey([...path, name], {
    code: "conflict",
    message: `The kind \`${kind.id}\` has no use for \`${name}\`.`,
  });
}
