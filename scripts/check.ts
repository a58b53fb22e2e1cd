// `npm run check`: types, lint and format, architecture, generated pages. Ends with `N passed, N failed`.

import { join } from "node:path";
import { print, ROOT, runChild } from "./child.ts";

const bin = join(ROOT, "node_modules", ".bin");
const bun = process.execPath;

/** The gates in the order of their speed. */
const GATES = [
  { name: "lint and format", command: [join(bin, "biome"), "check", "--error-on-warnings", "."] },
  { name: "types", command: [join(bin, "tsc"), "--noEmit"] },
  { name: "architecture and generated pages", command: [bun, "test", "./test/architecture"] },
];

let failed = 0;
for (const { name, command } of GATES) {
  print(`\n== ${name}`);
  const { code } = await runChild(command);
  if (code !== 0) failed += 1;
  print(code === 0 ? `${name}: passed` : `${name}: failed`);
}
print(`\n${GATES.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
