// The program: the command line of this process.

import { readClientEnvironment } from "#app/client-environment.ts";
import { runCommandLine } from "./run.ts";

await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  fetch: (request) => fetch(request),
  environment: readClientEnvironment(),
  exitWith: (code) => {
    process.exitCode = code;
  },
});
