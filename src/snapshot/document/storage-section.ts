// `storage:`, `retention:` and the keys of the distributed engine.

import { z } from "zod";
import { key, later } from "./key-facts.ts";
import { duration } from "./quantities.ts";

/** Marks a custom issue as `not_available`. */
const NOT_AVAILABLE = Object.freeze({ code: "not_available" });

/** The `storage` key. Its output is the path of the SQLite file. */
export const storageKey = key(
  z
    .string()
    .transform((text, context) => {
      const path = /^sqlite:([^\p{Cc}]{1,4096})$/u.exec(text)?.[1];
      if (path !== undefined) return path;
      if (/^postgres(ql)?:\/\//.test(text)) {
        context.addIssue({ code: "custom", message: "Postgres", params: NOT_AVAILABLE });
      } else {
        context.addIssue({ code: "custom", message: "must be `sqlite:` and the path of a file." });
      }
      return z.NEVER;
    })
    .optional(),
  {
    description: "Where usage, decisions, keys and document versions are kept.",
    fallback: "`sqlite:data/sluice.db`, or `sluice.db` in `SLUICE_DATA_DIR`",
    example: "sqlite:data/sluice.db",
  },
);

/** The `retention` section. */
export const retentionSection = z.strictObject({
  decisions: key(duration({ min: "1h", max: "36500d" }).prefault("30d"), {
    description: "How long decision records are kept.",
    example: "30d",
  }),
  usage: key(duration({ min: "1d", max: "36500d" }).prefault("400d"), {
    description: "How long usage rows are kept.",
    example: "400d",
  }),
});

/** Where shared state lives. */
export const coordinationKey = later("Where replicas share state: `memory` or a Redis address.");

/** What hard limits do without shared state. */
export const coordinationLossKey = later("What hard limits do while Redis is away.");
