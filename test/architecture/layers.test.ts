// Imports follow the table of layers, types included, and run in no circle.

import { describe, expect, test } from "bun:test";
import { LAYERS, NARROWED, PURE_MODULES } from "./layers.ts";
import { type Import, parseSource, type SourceFile, sourceFiles } from "./source-tree.ts";

/** What is wrong with an import, or undefined. */
function judge(file: SourceFile, imported: Import): string | undefined {
  const rule = LAYERS[file.layer];
  if (rule === undefined) return `no layer is called ${file.layer}`;
  if (imported.path === undefined) return judgePackage(file, imported.specifier);
  const layer = imported.path.split("/")[1] ?? "";
  if (!imported.path.startsWith("src/")) {
    if (file.layer === "app" && imported.path === "package.json") return undefined;
    return file.isTest ? undefined : `${imported.path} is not source`;
  }
  if (layer === file.layer || file.isTest) return undefined;
  if (imported.specifier.startsWith(".")) return `write #${layer}/… across layers`;
  if (!rule.layers.includes(layer)) return `${file.layer} may not import ${layer}`;
  for (const narrow of NARROWED) {
    if (narrow.from !== file.layer || narrow.to !== layer) continue;
    if (!narrow.files.test(imported.path)) return `${file.layer} may not import this of ${layer}`;
    if (narrow.typesOnly && !imported.isTypeOnly)
      return `${file.layer} may import types of ${layer}`;
  }
  return undefined;
}

function judgePackage(file: SourceFile, specifier: string): string | undefined {
  if (file.isTest) return undefined;
  const rule = LAYERS[file.layer];
  if (specifier.startsWith("node:")) {
    const mayImport = rule !== undefined && (!rule.isPure || PURE_MODULES.includes(specifier));
    return mayImport ? undefined : `${file.layer} may not import ${specifier}`;
  }
  const name = specifier.startsWith("bun:") ? "bun" : packageName(specifier);
  return rule?.packages.includes(name) ? undefined : `${file.layer} may not import ${specifier}`;
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** A circle of imports, as paths, or undefined. */
function findCycle(files: readonly SourceFile[]): readonly string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): readonly string[] | undefined => {
    const seen = trail.indexOf(path);
    if (seen >= 0) return [...trail.slice(seen), path];
    if (done.has(path)) return undefined;
    trail.push(path);
    for (const { path: next } of byPath.get(path)?.imports ?? []) {
      const cycle = next === undefined ? undefined : visit(next);
      if (cycle !== undefined) return cycle;
    }
    trail.pop();
    done.add(path);
    return undefined;
  };
  for (const file of files) {
    const cycle = visit(file.path);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function faultsOf(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const fault = judge(file, imported);
      return fault === undefined ? [] : [`${file.path}:${imported.line} ${fault}`];
    }),
  );
}

describe("layers", () => {
  test("every import is one that the table allows", () => {
    expect(sourceFiles().length).toBeGreaterThan(30);
    expect(faultsOf(sourceFiles())).toEqual([]);
  });

  test("no import is part of a circle", () => {
    expect(findCycle(sourceFiles())).toBeUndefined();
  });

  test("imports name files that exist", () => {
    const known = new Set(sourceFiles().map((file) => file.path));
    const missing = sourceFiles().flatMap((file) =>
      file.imports
        .filter(({ path }) => path?.startsWith("src/") && path.endsWith(".ts") && !known.has(path))
        .map(({ path, line }) => `${file.path}:${line} imports ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("the judge of imports", () => {
  test("a forbidden layer is found, also as a type and over several lines", () => {
    const text = 'import type {\n  Thing,\n} from "#control/thing.ts";\n';
    expect(faultsOf([parseSource("src/gateway/x.ts", text)])).toEqual([
      "src/gateway/x.ts:1 gateway may not import control",
    ]);
  });

  test("a package outside of its layer is found", () => {
    const text = 'import { z } from "zod";\nexport * from "node:fs";\n';
    expect(faultsOf([parseSource("src/core/x.ts", text)])).toEqual([
      "src/core/x.ts:1 core may not import zod",
      "src/core/x.ts:2 core may not import node:fs",
    ]);
  });

  test("an import inside a comment or a string is none", () => {
    const text = '// import { z } from "zod";\nconst text = `import x from "zod"`;\n';
    expect(faultsOf([parseSource("src/core/x.ts", text)])).toEqual([]);
  });

  test("a circle is found", () => {
    const left = parseSource("src/core/a.ts", 'import type { B } from "./b.ts";');
    const right = parseSource("src/core/b.ts", 'export { A } from "#core/a.ts";');
    expect(findCycle([left, right])).toEqual(["src/core/a.ts", "src/core/b.ts", "src/core/a.ts"]);
  });
});
