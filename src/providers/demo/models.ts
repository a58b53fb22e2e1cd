// The demo models, with prices that make costs easy to see and to reckon.

import type { CatalogueModel } from "../catalog/catalogue-file.ts";

/** What each model does (contract section 9). */
export const DEMO_MODEL_NAMES = [
  "echo",
  "json",
  "tools",
  "slow",
  "flaky",
  "rate-limited",
  "broken-stream",
  "embed",
] as const;
export type DemoModelName = (typeof DEMO_MODEL_NAMES)[number];

/** Tokens that a demo model reads at most. */
export const DEMO_CONTEXT_WINDOW = 128_000;

/** True for the name of a demo model. */
export function isDemoModel(name: string): name is DemoModelName {
  return (DEMO_MODEL_NAMES as readonly string[]).includes(name);
}

/** One dollar a million tokens in, four out; `echo` is the cheap one, `embed` has no output. */
function priced(name: DemoModelName): CatalogueModel {
  const rates =
    name === "embed"
      ? { input: "0.02" }
      : name === "echo"
        ? { input: "0.1", output: "0.4" }
        : { input: "1", output: "4" };
  return { match: { equals: name }, context_window: DEMO_CONTEXT_WINDOW, prices: [{ rates }] };
}

/** The demo provider's part of the catalogue. */
export const DEMO_MODELS: Readonly<Record<DemoModelName, CatalogueModel>> = {
  echo: priced("echo"),
  json: priced("json"),
  tools: priced("tools"),
  slow: priced("slow"),
  flaky: priced("flaky"),
  "rate-limited": priced("rate-limited"),
  "broken-stream": priced("broken-stream"),
  embed: priced("embed"),
};
