// `models:` — virtual models, what applications ask for.

import { z } from "zod";
import { key, later } from "./key-facts.ts";
import { duration, MODEL_NAME, TARGET_NAME } from "./quantities.ts";

const targetName = z
  .string()
  .regex(
    TARGET_NAME,
    "is not a target. Write `provider/model`, with a name under `providers:` first.",
  );

const weightedTarget = z.strictObject({
  model: key(targetName, {
    description: "`provider/model`.",
    example: "claude/claude-haiku-4-5",
  }),
  weight: key(z.number().positive().max(1_000_000).prefault(1), {
    description: "Share of the calls under the strategy `weighted`.",
    example: 3,
  }),
});

/** One entry under `models`. */
const modelEntry = z.strictObject({
  strategy: key(z.enum(["priority", "weighted"]).prefault("priority"), {
    description: "How the targets are ordered: as listed, or drawn by weight.",
    example: "weighted",
    later: ["cheapest", "fastest", "balanced", "least_busy"],
  }),
  targets: key(
    z
      .array(z.union([targetName, weightedTarget]))
      .min(1)
      .max(64),
    {
      description: "Where calls go, as `provider/model` or with a weight.",
      example: ["openai/gpt-5-mini", { model: "claude/claude-haiku-4-5", weight: 3 }],
    },
  ),
  attempts: key(z.int().min(1).max(32).optional(), {
    description: "Tries over all targets; skipped targets do not count.",
    unit: "attempts",
    fallback: "number of distinct targets, at least 3",
    example: 3,
  }),
  connect_timeout: key(duration({ min: "1ms", max: "10m" }).prefault("5s"), {
    description: "Time for one connection to be made.",
    example: "5s",
  }),
  first_token_timeout: key(duration({ min: "1ms", max: "24h" }).optional(), {
    description: "Streams: time from sending the request to the first content.",
    fallback: "none",
    example: "60s",
  }),
  idle_timeout: key(duration({ min: "1ms", max: "24h" }).prefault("150s"), {
    description: "Streams: longest silence of the upstream; its pings count as life.",
    example: "150s",
  }),
  total_timeout: key(duration({ min: "1ms", max: "24h" }).prefault("15m"), {
    description: "Time for the whole exchange, all attempts together.",
    example: "15m",
  }),
  min_quality: later("Lowest quality score of a target, by topic."),
  hedge: later("A second attempt beside a slow first one."),
  affinity: later("Keeps one conversation on one target."),
  weights: later("What the strategy `balanced` weighs."),
  output_tokens_when_unset: later("Output cap where a limit applies and the call gives none."),
});

/** The `models` section. */
export const modelsSection = z.record(z.string().regex(MODEL_NAME), modelEntry);
