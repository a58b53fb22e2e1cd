// `npm run generate`: writes docs/reference/ and sluice.schema.json out of the sources that they describe.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configurationReference } from "#snapshot/reference.ts";
import { ROOT } from "./child.ts";
import { schemaText } from "./generate-schema.ts";
import { adminApiPage } from "./reference/admin-api.ts";
import { commandsPage } from "./reference/commands.ts";
import { endpointsPage } from "./reference/endpoints.ts";
import { GENERATED } from "./reference/markdown.ts";
import { providersPage } from "./reference/providers.ts";
import { errorsPage, headersPage, metricsPage } from "./reference/tables.ts";

/** All generated files: path from the project's folder, and text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/reference/configuration.md", GENERATED + configurationReference()],
    ["docs/reference/errors.md", errorsPage()],
    ["docs/reference/headers.md", headersPage()],
    ["docs/reference/metrics.md", metricsPage()],
    ["docs/reference/commands.md", commandsPage()],
    ["docs/reference/admin-api.md", adminApiPage()],
    ["docs/reference/endpoints.md", endpointsPage()],
    ["docs/reference/providers.md", providersPage()],
    ["sluice.schema.json", schemaText()],
  ]);
}

if (import.meta.main) {
  for (const [path, text] of generatedFiles()) {
    const file = join(ROOT, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
