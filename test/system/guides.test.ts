// What the guides show works: every document in them compiles as it stands there.

import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CATALOGUE } from "#providers/catalog/catalogue.ts";
import { PROVIDER_KINDS } from "#providers/list.ts";
import { compileDocument } from "#snapshot/compile.ts";

const GUIDES = resolve(import.meta.dir, "../../docs/guides");
const BLOCK = /^```yaml\n(?<text>[\s\S]*?)^```$/gm;

/** Variables that have a form of their own; all others are words. */
const VARIABLES: Readonly<Record<string, string>> = {
  AZURE_TENANT_ID: "8c1f0e6a-0000-4000-8000-000000000001",
  AZURE_CLIENT_ID: "8c1f0e6a-0000-4000-8000-000000000002",
  AWS_REGION: "eu-central-1",
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/models",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
};

const ACCOUNT = JSON.stringify({
  type: "service_account",
  project_id: "house",
  private_key: generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey,
  client_email: "robot@house.iam.gserviceaccount.com",
});

const documents = readdirSync(GUIDES).flatMap((name) => {
  const page = readFileSync(join(GUIDES, name), "utf8");
  return [...page.matchAll(BLOCK)]
    .map(({ groups }) => groups?.["text"] ?? "")
    .filter((text) => /^providers:/m.test(text))
    .map((text, index) => [`${name}, document ${index + 1}`, text] as const);
});

describe("documents in the guides", () => {
  test("there are some for every cloud", () => {
    const names = new Set(documents.map(([name]) => name.split(",")[0]));
    for (const page of ["amazon-bedrock.md", "azure-openai.md", "google-vertex.md"]) {
      expect([...names]).toContain(page);
    }
  });

  test.each(documents)("%s", (_name, text) => {
    const result = compileDocument(text, {
      origin: { kind: "file", path: "sluice.yaml" },
      references: {
        env: (name) => VARIABLES[name] ?? `value-of-${name.toLowerCase()}-0123456789`,
        file: (path) => (path.includes("account") ? ACCOUNT : "text-of-a-secret-file-0123"),
      },
      catalogue: CATALOGUE,
      providerKinds: PROVIDER_KINDS,
      nowMs: Date.UTC(2026, 10, 22),
      version: 0,
    });
    expect(result.ok ? [] : result.errors).toEqual([]);
    // Not every vendor's prices are known.
    const codes = result.warnings.map(({ code }) => code);
    expect(codes.filter((code) => code !== "unknown_model")).toEqual([]);
  });
});
