// `providers:` — the upstreams and their credentials.

import { z } from "zod";
import { readRule } from "#core/passthrough-rule.ts";
import { key, later } from "./key-facts.ts";
import { LOGIN_KEYS } from "./login-section.ts";
import { NAME, nameText, secretText } from "./quantities.ts";

const credential = z.strictObject({
  id: key(nameText, {
    description: "Name of the key in health, records and metrics; unique in the provider.",
    example: "a",
  }),
  value: key(secretText(16_384).optional(), {
    description: "The key itself; or one of `aws`, `google` and `entra` in its place.",
    fallback: "required without a login",
    example: `\${env:ANTHROPIC_KEY_A}`,
    secret: true,
  }),
  weight: key(z.number().positive().max(1_000_000).prefault(1), {
    description: "Share of the calls that this key gets.",
    example: 2,
  }),
  ...LOGIN_KEYS,
});

/** A piece of an address: what cannot leave its place in a host name or a path. */
function place(pattern: RegExp, what: string) {
  return z.string().regex(pattern, `is not ${what}.`).optional();
}

const SETTING_KEYS = {
  region: key(place(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "a region"), {
    description: "Region of the cloud; it gives the address and goes into signatures.",
    fallback: "required where the kind has regions",
    example: "eu-central-1",
  }),
  project: key(place(/^(?:[a-z0-9.-]{1,80}:)?[a-z0-9-]{1,80}$/, "the id of a project"), {
    description: "Id of the Google Cloud project.",
    fallback: "the service account's own; none with a plain key",
    example: "my-project",
  }),
  location: key(place(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "a location"), {
    description: "Where Google Cloud processes calls: `global`, `us`, `eu` or a region.",
    fallback: "`global`",
    example: "europe-west4",
  }),
  resource: key(place(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/, "a resource's name"), {
    description: "Name of the Azure resource; it gives the address. Instead of `base_url`.",
    fallback: "none",
    example: "my-resource",
  }),
  api_version: key(
    place(/^(?:\d{4}-\d{2}-\d{2}(?:-preview)?|preview|latest|v1)$/, "a version of the API"),
    {
      description:
        "A date selects Azure's dated API with deployments in its paths; without it the v1 API is called.",
      fallback: "v1",
      example: "2024-10-21",
    },
  ),
};

const rule = z
  .string()
  .max(520)
  .refine((text) => readRule(text) !== undefined, {
    error:
      "is no path that can be opened. Write method and path: `POST /v1/files`, `GET /v1/jobs/{id}`.",
  });

/** One entry under `providers`. */
const providerEntry = z.strictObject({
  kind: key(z.string(), {
    description: "What the upstream is: its API languages, its way to take a key, its prices.",
    example: "openai",
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
  ...LOGIN_KEYS,
  ...SETTING_KEYS,
  deployments: key(
    z
      .record(z.string().regex(/^[^\s\p{Cc}\p{Cs}]{1,256}$/u), z.string().min(1).max(256))
      .prefault({}),
    {
      description:
        "Which model a name of this provider stands for, where the name does not tell: Azure's deployments, inference profiles. Gives prices and what can be asked of it.",
      example: { "my-deployment": "gpt-5-mini" },
    },
  ),
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
  passthrough: key(z.array(rule).max(1000).prefault([]), {
    description:
      "Paths of the vendor's API that plans may open as they are: method and path, `{name}` for any one segment. Called as `/passthrough/{provider}/{path}`.",
    example: ["POST /v1/audio/transcriptions"],
  }),
  clearance: later("What data this provider may see, with evidence."),
  models: later("Clearance of single models of this provider."),
});

/** The `providers` section. */
export const providersSection = z.record(z.string().regex(NAME), providerEntry);
