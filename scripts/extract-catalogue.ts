// Writes src/providers/catalog/catalogue.generated.json from the installed `@pydantic/genai-prices`.
// Run it after raising the version of the package: `bun scripts/extract-catalogue.ts 2026-09-23`,
// with the day on which that version was released.

import { readFileSync, writeFileSync } from "node:fs";
import { findProvider, type Provider } from "@pydantic/genai-prices";
import { catalogueText, extractCatalogue, SOURCE_PROVIDERS } from "./catalogue-extraction.ts";

const TARGET = new URL("../src/providers/catalog/catalogue.generated.json", import.meta.url);
const PACKAGE = new URL("../node_modules/@pydantic/genai-prices/package.json", import.meta.url);

/** The text of the catalogue as the installed package gives it. */
export function catalogueFromPackage(date: string): string {
  const { version } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string };
  const providers = new Map<string, Provider>();
  for (const [kind, providerId] of Object.entries(SOURCE_PROVIDERS)) {
    const provider = findProvider({ providerId });
    if (provider === undefined) throw new Error(`the package has no provider ${providerId}`);
    providers.set(kind, provider);
  }
  const source = `@pydantic/genai-prices ${version} (MIT)`;
  return catalogueText(extractCatalogue(providers, { source, date }));
}

if (import.meta.main) {
  const date = process.argv[2] ?? "";
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new Error("usage: extract-catalogue.ts YYYY-MM-DD (day of the package's release)");
  }
  writeFileSync(TARGET, catalogueFromPackage(date));
}
