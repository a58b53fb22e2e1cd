// Keys of a provider that only some kinds take: refused where they would be ignored, missed where they
// are needed.

import { SETTING_NAMES, type SettingName } from "#providers/provider.ts";
import { didYouMean } from "../document/did-you-mean.ts";
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
  warnOfUnknownModels(path, provider, kind, context);
  if (provider.resource !== undefined && provider.base_url !== undefined) {
    context.errors.atKey([...path, "resource"], {
      code: "conflict",
      message: "`resource` and `base_url` exclude each other: both give the address.",
    });
  }
}

/** A deployment is there for its price: one that has none is most likely a misspelling. */
function warnOfUnknownModels(
  path: DocumentPath,
  provider: WrittenProvider,
  kind: ProviderKindFacts,
  { catalogue, rates, nowMs, warnings }: CheckContext,
): void {
  const name = String(path.at(-1));
  for (const [deployment, model] of Object.entries(provider.deployments)) {
    if (catalogue.knows(kind.catalogueId, model)) continue;
    if (rates(name, deployment, nowMs) !== undefined) continue;
    warnings.atValue([...path, "deployments", deployment], {
      code: "unknown_model",
      message: `The catalogue does not know \`${model}\`, so \`${name}/${deployment}\` has no price: its calls are marked as unpriced.`,
      hint: didYouMean(model, catalogue.models(kind.catalogueId)),
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
