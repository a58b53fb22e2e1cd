// `providers:` — the upstreams and their credentials.

import { z } from "zod";
import { key, later } from "./key-facts.ts";
import { NAME, nameText, secretText } from "./quantities.ts";

/** Kinds of the contract that no provider file serves yet. Everything else is a misspelling. */
export const LATER_KINDS: readonly string[] = [
  "azure-openai",
  "bedrock",
  "vertex",
  "cohere",
  "ollama",
];

const credential = z.strictObject({
  id: key(nameText, {
    description: "Name of the key in health, records and metrics; unique in the provider.",
    example: "a",
  }),
  value: key(secretText(16_384), {
    description: "The key itself.",
    example: `\${env:ANTHROPIC_KEY_A}`,
    secret: true,
  }),
  weight: key(z.number().positive().max(1_000_000).prefault(1), {
    description: "Share of the calls that this key gets.",
    example: 2,
  }),
});

/** One entry under `providers`. */
const providerEntry = z.strictObject({
  kind: key(z.string(), {
    description: "What the upstream is: its API languages, its way to take a key, its prices.",
    example: "openai",
    later: LATER_KINDS,
  }),
  api_key: key(secretText(16_384).optional(), {
    description: "The key that calls are sent with.",
    fallback: "required by most kinds",
    example: `\${env:OPENAI_API_KEY}`,
    secret: true,
  }),
  api_keys: key(z.array(credential).min(1).max(256).optional(), {
    description: "Several keys: calls are spread over them by weight. Instead of `api_key`.",
    fallback: "none",
  }),
  optional: key(z.boolean().prefault(false), {
    description:
      "Leaves the provider out, with a warning, when a variable that it names is not set.",
    example: true,
  }),
  base_url: key(z.string().max(2048).optional(), {
    description: "Address of the API, meaning what the vendor's own SDK means by it.",
    fallback: "the vendor's; required by `openai-compatible`",
    example: "https://api.openai.com/v1",
  }),
  on_disconnect: key(z.enum(["cancel", "drain"]).prefault("cancel"), {
    description: "When the client leaves: stop the upstream, or read on for the usage.",
    example: "drain",
  }),
  headers: key(z.record(z.string(), z.string().max(8192)).prefault({}), {
    description: "Sent with every call to this provider.",
    example: { "anthropic-beta": "some-flag" },
  }),
  passthrough: later("Paths that callers may use unchanged through `/passthrough`."),
  clearance: later("What data this provider may see, with evidence."),
  models: later("Clearance of single models of this provider."),
});

/** The `providers` section. */
export const providersSection = z.record(z.string().regex(NAME), providerEntry);
