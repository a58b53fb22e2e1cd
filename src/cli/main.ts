// The program: the command line of this process.

import { writeSync } from "node:fs";
import { readClientEnvironment } from "#app/client-environment.ts";
import { runCommandLine } from "./run.ts";

await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  // Written at once: the process may end right after.
  err: (text) => writeSync(2, text),
  fetch: (request) => fetch(request),
  environment: readClientEnvironment(),
  exitWith: (code) => {
    process.exitCode = code;
  },
  exitNow: (code) => process.exit(code),
});
