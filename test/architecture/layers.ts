// Who may import what: the table of ARCHITECTURE.md as data. What is not listed is forbidden.

/** What a layer may import. */
export interface LayerRule {
  readonly layers: readonly string[];
  /** Packages beside `node:` modules. */
  readonly packages: readonly string[];
  /** Pure layers know no operating system: of `node:` they get bytes, hashes, checksums. */
  readonly isPure: boolean;
}

function rule(layers: readonly string[], packages: readonly string[] = []): LayerRule {
  return { layers, packages, isPure: false };
}

function pure(layers: readonly string[], packages: readonly string[] = []): LayerRule {
  return { layers, packages, isPure: true };
}

/** `node:` modules that compute and touch nothing. */
export const PURE_MODULES = ["node:buffer", "node:crypto", "node:zlib"];

/** The table. A layer may always import itself. */
export const LAYERS: Readonly<Record<string, LayerRule>> = {
  core: pure([]),
  wire: pure(["core"]),
  policy: pure(["core"]),
  // The SQLite driver of the runtime is bound to the query builder here.
  platform: rule(["core"], ["bun", "kysely"]),
  // Answers are held to schemas on a thread of their own.
  dialects: pure(["core", "wire"], ["@cfworker/json-schema"]),
  providers: pure(["core", "wire", "dialects"]),
  snapshot: rule(["core", "policy", "dialects", "providers"], ["yaml", "zod"]),
  gateway: rule(["core", "wire", "policy", "dialects", "providers", "snapshot", "platform"]),
  stores: rule(["core", "platform"], ["kysely"]),
  telemetry: rule(["core", "platform"]),
  control: rule(["core", "policy", "snapshot"], ["zod"]),
  app: rule([
    "core",
    "wire",
    "policy",
    "platform",
    "dialects",
    "providers",
    "snapshot",
    "gateway",
    "stores",
    "telemetry",
    "control",
  ]),
  cli: rule(["app", "control", "snapshot", "core"], ["commander"]),
};

/** Imports between two layers that are narrower than the layer: which files, and whether as types. */
export const NARROWED: readonly {
  readonly from: string;
  readonly to: string;
  readonly files: RegExp;
  readonly typesOnly: boolean;
}[] = [
  // The snapshot knows which dialects and kinds there are and what they are called, not how they work.
  { from: "snapshot", to: "dialects", files: /\/(?:dialect|ids|list)\.ts$/, typesOnly: false },
  {
    from: "snapshot",
    to: "providers",
    files: /\/(?:provider|ids|list)\.ts$|\/catalog\//,
    typesOnly: false,
  },
  // The gateway sees the interfaces of the platform; app hands it what implements them.
  { from: "gateway", to: "platform", files: /./, typesOnly: true },
];
