// From text to a document whose form is right: YAML, references, schema.

import type { SluiceDocument, WrittenProvider } from "./document/document.ts";
import { documentSchema } from "./document/document.ts";
import { explainAll } from "./document/explain.ts";
import type { ConfigIssue, Finding } from "./document/issue.ts";
import { IssueList } from "./document/issue.ts";
import type { DocumentOrigin, References } from "./document/references.ts";
import { resolveReferences } from "./document/references.ts";
import type { Plain, PlainObject, YamlSource } from "./document/yaml-source.ts";
import { readYaml } from "./document/yaml-source.ts";
import { documentHash } from "./document-hash.ts";
import { literalSecrets, withoutLiterals } from "./literal-secrets.ts";

/** A document whose form is right. What it means is not checked yet. */
export interface LoadedDocument {
  readonly document: SluiceDocument;
  /** Optional providers that lack a variable; they are not in the document. */
  readonly leftOut: ReadonlyMap<string, WrittenProvider>;
  readonly hash: string;
  /** The text without the secrets that stand in it literally. */
  readonly publicText: string;
  /** Empty so far; both lists know what no message may repeat. */
  readonly errors: IssueList;
  readonly warnings: IssueList;
}

/** What loading gives. */
export type Loading =
  | { readonly ok: true; readonly loaded: LoadedDocument }
  | {
      readonly ok: false;
      readonly errors: readonly ConfigIssue[];
      readonly warnings: readonly ConfigIssue[];
    };

const LITERAL_SECRET: Finding = {
  code: "literal_secret",
  message:
    "The secret stands in the document itself, so stored versions of the document leave it out.",
  hint: `Refer to a variable or a file instead: \`\${env:NAME}\`, \`\${file:/path}\`.`,
};

/** Reads, resolves and validates a document. Never throws for what stands in it. */
export function loadDocument(
  text: string,
  origin: DocumentOrigin,
  references: References,
): Loading {
  const reading = readYaml(text);
  if (!reading.ok) return { ok: false, errors: reading.issues, warnings: [] };
  const { source } = reading;
  const { places } = source;
  const errors = new IssueList(places);
  const warnings = new IssueList(places);
  const resolved = resolveReferences(withExactPrices(source), {
    origin,
    references,
    issues: errors,
    warnings,
  });
  // Parsers compiled for their schemas pay off after many documents, not after one.
  const parsed = documentSchema.safeParse(resolved.root, { jitless: true });
  if (!parsed.success) {
    // A reference that stands there unreplaced has been reported already.
    const fresh = parsed.error.issues.filter(
      (issue) => !resolved.unresolved.has(JSON.stringify(issue.path)),
    );
    explainAll(fresh, resolved.root, errors);
  }
  if (!errors.isEmpty || !parsed.success) {
    return { ok: false, errors: errors.all, warnings: warnings.all };
  }
  const hash = documentHash(resolved.root, resolved.referenced);
  const { document, leftOut } = withoutProviders(parsed.data, resolved.leftOut);
  const literals = literalSecrets(resolved.root, resolved.referenced);
  for (const path of literals) warnings.atValue(path, LITERAL_SECRET);
  const publicText = withoutLiterals(text, literals, source);
  return { ok: true, loaded: { document, leftOut, hash, publicText, errors, warnings } };
}

function withoutProviders(full: SluiceDocument, names: ReadonlySet<string>) {
  const providers: SluiceDocument["providers"] = {};
  const leftOut = new Map<string, WrittenProvider>();
  for (const [name, provider] of Object.entries(full.providers)) {
    if (names.has(name)) leftOut.set(name, provider);
    else providers[name] = provider;
  }
  return { document: { ...full, providers }, leftOut };
}

/** Prices as the text that stands in the document: a float would have rounded them already. */
function withExactPrices(source: YamlSource): Plain {
  const { root } = source;
  if (!isObject(root) || !isObject(root["prices"])) return root;
  const prices: PlainObject = {};
  for (const [name, entry] of Object.entries(root["prices"])) {
    prices[name] = isObject(entry) ? exactEntry(entry, name, source) : entry;
  }
  return { ...root, prices };
}

function exactEntry(entry: PlainObject, name: string, source: YamlSource): PlainObject {
  const exact: PlainObject = {};
  for (const [field, value] of Object.entries(entry)) {
    exact[field] = source.numberText(["prices", name, field]) ?? value;
  }
  return exact;
}

function isObject(value: Plain | undefined): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
