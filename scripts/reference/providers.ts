// The reference page of provider kinds, out of the provider files.

import type { Feature, Support } from "#core/features.ts";
import { PROVIDER_KINDS } from "#providers/list.ts";
import type { ProviderKind } from "#providers/provider.ts";
import { code, GENERATED, markdownTable } from "./markdown.ts";

/** A name that no table of families knows. */
const ANY_MODEL = "any-model";

/** docs/reference/providers.md */
export function providersPage(): string {
  const kinds = [...PROVIDER_KINDS.values()];
  return `${GENERATED}# Providers

What \`kind\` under \`providers:\` may be. Kinds are data: how to add one stands in
[CONTRIBUTING](../../CONTRIBUTING.md#a-provider-kind-one-file-one-line-fixtures).

*Tested* kinds are held against recordings of the vendor or its published schema. *Presets* follow the vendor's
documentation and were never held against its answers: treat their details as a beginning, and report what differs.

${markdownTable(["kind", "vendor", "default `base_url`", "API languages", "has", "state"], kinds.map(kindRow))}
A \`base_url\` means what the vendor's own client means by it. Where other clients of the same vendor want the version
in the address, both are right: ${endsText(kinds)}.

A call in one of the API languages of its provider passes through as it came. Every other call is translated to the
first language of the list that can carry it.

## Clouds

What these kinds take beside \`base_url\` and a key. A login stands in the provider itself or in an entry of \`api_keys\`;
the guides to [Bedrock](../guides/amazon-bedrock.md), [Azure](../guides/azure-openai.md) and
[Vertex AI](../guides/google-vertex.md) show each.

${markdownTable(["kind", "key in", "logins", "further keys"], kinds.filter(isCloud).map(cloudRow))}
## What models are not asked

For a model that no table of families knows; families of models know more or less. What is *left out* is announced as
a notice, what is *refused* makes Sluice look for another target, and what is *stood in for* is put in other words.
The document's \`capabilities\` change any of it.

${markdownTable(["kind", "not taken", "stood in for", "members left out"], kinds.filter(hasChat).map(lackRow))}
## Where the facts come from

${markdownTable(["kind", "source", "checked"], kinds.flatMap(sourceRow))}`;
}

function kindRow(kind: ProviderKind): string[] {
  return [
    code(kind.id),
    kind.title,
    kind.transport === "demo" ? "" : addressOf(kind),
    Object.keys(kind.speaks).map(code).join(", "),
    (kind.about?.features ?? []).join("; "),
    kind.isPreset === true ? "preset" : "tested",
  ];
}

function isCloud({ logins }: ProviderKind): boolean {
  return logins !== undefined;
}

function cloudRow({ id, keyHeader, logins, settings, hasDeployments }: ProviderKind): string[] {
  const further = Object.entries(settings ?? {}).map(([name, { isRequired, fallback }]) => {
    if (isRequired === "always") return `${code(name)} (required)`;
    if (isRequired === "login") return `${code(name)} (required with a login)`;
    return fallback === undefined ? code(name) : `${code(name)} (${code(fallback)})`;
  });
  if (hasDeployments === true) further.push(code("deployments"));
  const names = Object.keys(logins ?? {}).map(code);
  return [code(id), code(keyHeader.name), names.join(", "), further.join(", ")];
}

function addressOf(kind: ProviderKind): string {
  if (kind.defaultBaseUrl !== undefined) return code(kind.defaultBaseUrl);
  return kind.baseUrlFor === undefined ? "must be given" : "follows from its other keys";
}

function endsText(kinds: readonly ProviderKind[]): string {
  return kinds
    .flatMap((kind) => {
      const ends = kind.baseUrlEnds ?? [];
      return ends.length === 0
        ? []
        : [`${code(kind.id)} with or without ${ends.map(code).join(" or ")}`];
    })
    .join(", ");
}

function hasChat(kind: ProviderKind): boolean {
  return Object.values(kind.speaks).some(({ generate }) => generate !== undefined);
}

function lackRow(kind: ProviderKind): string[] {
  const traits = kind.traits(ANY_MODEL);
  const named = (support: Support) =>
    (Object.entries(traits.features ?? {}) as [Feature, Support][])
      .filter(([, value]) => value === support)
      .map(([feature]) => code(feature))
      .join(", ");
  const refused = (traits.chat?.refused ?? []).map(code).join(", ");
  return [code(kind.id), named("none"), named("emulated"), refused];
}

function sourceRow({ id, about }: ProviderKind): string[][] {
  return about === undefined ? [] : [[code(id), about.source, about.date]];
}
