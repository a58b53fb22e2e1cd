// The source files of the project with their imports, as the architecture tests see them.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { blank, type Literal, lineOf } from "./source-text.ts";

/** The project's folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** An import as it is written and what it names. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Path from the project's folder, undefined for packages and `node:` modules. */
  readonly path: string | undefined;
  readonly isTypeOnly: boolean;
}

/** A source file. */
export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  readonly path: string;
  /** First folder under `src`. */
  readonly layer: string;
  /** Tests, contract suites and the samples that they share. */
  readonly isTest: boolean;
  readonly text: string;
  /** Comments and literals blanked. */
  readonly code: string;
  readonly literals: readonly Literal[];
  readonly imports: readonly Import[];
}

const FROM = /\b(?:import|export)\b([^;"'`]*?)\bfrom\s*["']|\bimport\s*\(?\s*["']/g;

let cached: readonly SourceFile[] | undefined;

/** All TypeScript files under `src`. */
export function sourceFiles(): readonly SourceFile[] {
  cached ??= filesUnder("src").map(readSource);
  return cached;
}

/** The files of a folder that end with `.ts`, sorted, as paths from the project's folder. */
export function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name.split(sep).join("/")}`)
    .sort();
}

/** Reads one file of the project. */
export function readSource(path: string): SourceFile {
  return parseSource(path, readFileSync(join(ROOT, path), "utf8"));
}

/** Judges a text as if it stood at the path. */
export function parseSource(path: string, text: string): SourceFile {
  const { code, literals } = blank(text);
  const byIndex = new Map(literals.map((literal) => [literal.index, literal.value]));
  const imports = [...code.matchAll(FROM)].map((match): Import => {
    const specifier = byIndex.get(match.index + match[0].length) ?? "";
    return {
      specifier,
      line: lineOf(text, match.index),
      path: resolveSpecifier(path, specifier),
      isTypeOnly: /^\s*type\b/.test(match[1] ?? ""),
    };
  });
  return {
    path,
    layer: path.split("/")[1] ?? "",
    isTest: /(?:\.test|[./]contract|\/samples?|\/sample-[a-z-]+)\.ts$/.test(path),
    text,
    code,
    literals,
    imports,
  };
}

function resolveSpecifier(from: string, specifier: string): string | undefined {
  const alias = /^#([^/]+)\/(.+)$/.exec(specifier);
  if (alias !== null) {
    return alias[1] === "support" ? `test/support/${alias[2]}` : `src/${alias[1]}/${alias[2]}`;
  }
  if (!specifier.startsWith(".")) return undefined;
  return relative(ROOT, resolve(ROOT, dirname(from), specifier))
    .split(sep)
    .join("/");
}
