// What the log says when the file is read again: one line for each place that needs somebody.

import { expect, test } from "bun:test";
import { startGateway } from "#support/gateway-process.ts";

const GOOD = `
version: 1
providers:
  demo: { kind: demo }
models: { assistant: { targets: [demo/echo] } }
`;

test("a reload tells its warnings and its errors, each in a line with its place", async () => {
  const gateway = await startGateway({ config: GOOD });
  try {
    const optional = `  gone: { kind: openai, api_key: "\${env:NO_SUCH_VARIABLE}", optional: true }\n`;
    await gateway.writeConfig(GOOD.replace("models:", `${optional}models:`));
    await gateway.printed(/"level":"warn"[^\n]*sluice\.yaml:5:3: warning: The optional provider/);
    await gateway.writeConfig(GOOD.replace("targets", "tragets").replace("version", "vresion"));
    await gateway.printed(
      /configuration refused: [^\n]*sluice\.yaml:2:1: error: Unknown key `vresion`/,
    );
    await gateway.printed(
      /configuration refused: [^\n]*sluice\.yaml:5:\d+: error: Unknown key `tragets`/,
    );
    expect(gateway.stdout).not.toContain("u000a");
    await gateway.admin("/config", {
      method: "PUT",
      headers: { "if-match": "2" },
      body: JSON.stringify({ config: GOOD.replace("assistant", "renamed") }),
    });
    await gateway.writeConfig(GOOD.replace("models:", `${optional}models:`));
    await gateway.printed(/the file is unchanged: what was applied after it stays in force/);
  } finally {
    await gateway.stop();
  }
});
