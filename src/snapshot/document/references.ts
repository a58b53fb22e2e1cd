// Replaces `${env:NAME}` and `${file:/path}` by what they stand for. Only the start-up file may hold
// them: in a document sent by API they would let the sender read the gateway's environment.

import { notAvailable } from "./explain.ts";
import type { DocumentPath, Finding, IssueList } from "./issue.ts";
import { formatPath } from "./issue.ts";
import { outlineAt } from "./outline.ts";
import type { Plain, PlainObject } from "./yaml-source.ts";

/** Looks up what references stand for. The composition root implements it. */
export interface References {
  /** The variable, undefined when it is not set. */
  env(name: string): string | undefined;
  /** The text of the file, undefined when it cannot be read. */
  file(path: string): string | undefined;
}

/** Where a document comes from. Decides what it may hold. */
export type DocumentOrigin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "api" }
  | { readonly kind: "demo" };

/** A document whose references are replaced. */
export interface Resolved {
  readonly root: Plain;
  /** Paths (as JSON) of values that held a reference: treated as secrets. */
  readonly referenced: ReadonlySet<string>;
  /** Paths (as JSON) of values whose reference could not be replaced. */
  readonly unresolved: ReadonlySet<string>;
  /** Names of optional providers to leave out. They stay in `root` so that their form is checked. */
  readonly leftOut: ReadonlySet<string>;
}

/** What resolving reads and writes. */
export interface ResolveContext {
  readonly origin: DocumentOrigin;
  readonly references: References;
  readonly issues: IssueList;
  readonly warnings: IssueList;
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;
const LONGEST_SECRET_FILE = 65_536;

/** Replaces all references. What an optional provider lacks leaves it out; all else is an issue. */
export function resolveReferences(root: Plain, context: ResolveContext): Resolved {
  const resolver = new Resolver(context);
  const resolved = resolver.resolve(root, []);
  return {
    root: resolved,
    referenced: resolver.referenced,
    unresolved: resolver.unresolved,
    leftOut: resolver.leftOut,
  };
}

/** Why a reference could not be replaced. */
interface Unset {
  readonly path: DocumentPath;
  readonly what: string;
}

class Resolver {
  readonly referenced = new Set<string>();
  readonly unresolved = new Set<string>();
  readonly leftOut = new Set<string>();
  readonly #context: ResolveContext;
  #unset: Unset[] = [];

  constructor(context: ResolveContext) {
    this.#context = context;
  }

  resolve(value: Plain, path: DocumentPath): Plain {
    const resolved = this.#walk(value, path);
    for (const unset of this.#unset.splice(0)) this.#report(unset);
    return resolved;
  }

  #walk(value: Plain, path: DocumentPath): Plain {
    if (typeof value === "string") return this.#text(value, path);
    if (Array.isArray(value)) return value.map((item, index) => this.#walk(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    if (path.length === 1 && path[0] === "providers") return this.#providers(value, path);
    const object: PlainObject = {};
    for (const [name, member] of Object.entries(value)) {
      object[name] = this.#walk(member, [...path, name]);
    }
    return object;
  }

  #providers(providers: PlainObject, path: DocumentPath): PlainObject {
    const all: PlainObject = {};
    for (const [name, provider] of Object.entries(providers)) {
      const outer = this.#unset;
      this.#unset = [];
      const resolved = this.#walk(provider, [...path, name]);
      const unset = this.#unset;
      this.#unset = outer;
      const isOptional = isObject(provider) && provider["optional"] === true;
      if (isOptional && unset.length > 0) this.#leaveOut([...path, name], name, unset);
      else this.#unset.push(...unset);
      all[name] = resolved;
    }
    return all;
  }

  #leaveOut(path: DocumentPath, name: string, unset: readonly Unset[]): void {
    this.leftOut.add(name);
    for (const entry of unset) this.unresolved.add(JSON.stringify(entry.path));
    this.#context.warnings.atKey(path, {
      code: "left_out",
      message: `The optional provider \`${name}\` is left out: ${unset.map((entry) => entry.what).join(", ")}.`,
    });
  }

  #report(unset: Unset): void {
    if (isLater(unset.path)) return;
    this.unresolved.add(JSON.stringify(unset.path));
    const isProvider = unset.path[0] === "providers";
    this.#context.issues.atValue(unset.path, {
      code: "unset_variable",
      message: `\`${formatPath(unset.path)}\` cannot be filled in: ${unset.what}.`,
      hint: isProvider
        ? "Provide it, or write `optional: true` to leave the provider out without it."
        : "Provide it, or write another value.",
    });
  }

  #text(text: string, path: DocumentPath): string {
    if (!text.includes("${")) return text;
    return text.replace(REFERENCE, (whole: string, inner: string | undefined) => {
      if (inner === undefined) return "${";
      this.referenced.add(JSON.stringify(path));
      return this.#lookUp(whole, inner, path);
    });
  }

  /** From here on no message about the path repeats the value. */
  #hidden(path: DocumentPath, value: string): string {
    this.#context.issues.hide(path, value);
    this.#context.warnings.hide(path, value);
    return value;
  }

  #lookUp(whole: string, inner: string, path: DocumentPath): string {
    const match = /^(env|file|secret):(.+)$/s.exec(inner);
    const [, scheme, name] = match ?? [];
    if (scheme === undefined || name === undefined) return this.#malformed(whole, inner, path);
    if (scheme === "secret") {
      this.#refuse(path, notAvailable(`The reference \`${whole}\``));
      return whole;
    }
    if (this.#context.origin.kind !== "file") {
      this.#refuse(path, {
        code: "reference_not_allowed",
        message: `\`${whole}\` cannot stand here: references to variables and files are for the start-up file only.`,
        hint: "Change the start-up file instead.",
      });
      return whole;
    }
    return scheme === "env" ? this.#variable(whole, name, path) : this.#file(whole, name, path);
  }

  #malformed(whole: string, inner: string, path: DocumentPath): string {
    const better = /^[A-Za-z_]\w*$/.test(inner) ? inner : "NAME";
    this.#refuse(path, {
      code: "invalid_value",
      message: `\`${whole}\` is not a reference.`,
      hint: `Write \`\${env:${better}}\` or \`\${file:/path}\`; \`$$\{\` stands for \`$\{\` itself.`,
    });
    return whole;
  }

  #variable(whole: string, name: string, path: DocumentPath): string {
    const value = this.#context.references.env(name);
    if (value !== undefined && value.trim() !== "") return this.#hidden(path, value);
    const state = value === undefined ? "is not set" : "is empty";
    this.#unset.push({ path, what: `the environment variable \`${name}\` ${state}` });
    return whole;
  }

  #file(whole: string, name: string, path: DocumentPath): string {
    if (!/^(\/|[A-Za-z]:[\\/])/.test(name)) {
      this.#refuse(path, {
        code: "invalid_value",
        message: `\`${whole}\` must name the file by its whole path.`,
        hint: `Write \`\${file:/path}\`.`,
      });
      return whole;
    }
    const text = this.#context.references.file(name)?.replace(/\r?\n$/, "");
    if (text !== undefined && text.trim() !== "" && text.length <= LONGEST_SECRET_FILE) {
      return this.#hidden(path, text);
    }
    const state = text === undefined ? "cannot be read" : "is empty or too long";
    this.#unset.push({ path, what: `the file \`${name}\` ${state}` });
    return whole;
  }

  #refuse(path: DocumentPath, finding: Finding): void {
    if (isLater(path)) return;
    this.unresolved.add(JSON.stringify(path));
    this.#context.issues.atValue(path, finding);
  }
}

function isObject(value: Plain): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True inside a key that is refused as a whole: what stands in it is not worth a second message. */
function isLater(path: DocumentPath): boolean {
  return path.some((_, index) => outlineAt(path.slice(0, index + 1))?.later === true);
}
