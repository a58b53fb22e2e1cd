// Writes sluice.schema.json out of the configuration schemas: `bun scripts/generate-schema.ts`.

import { writeFileSync } from "node:fs";
import { configurationSchema } from "#snapshot/json-schema.ts";

const TARGET = new URL("../sluice.schema.json", import.meta.url);

/** The text of the file as the sources give it. */
export function schemaText(): string {
  return `${JSON.stringify(configurationSchema(), null, 2)}\n`;
}

if (import.meta.main) writeFileSync(TARGET, schemaText());
