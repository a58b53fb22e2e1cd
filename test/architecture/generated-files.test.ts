// The generated pages say what the sources say.

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "../../scripts/generate-reference.ts";
import { ROOT } from "./source-tree.ts";

for (const [path, text] of generatedFiles()) {
  test(`${path} is what \`npm run generate\` writes`, () => {
    const file = join(ROOT, path);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "(missing)").toBe(text);
  });
}
