// `prices:` — prices that win over the catalogue, field by field.

import { z } from "zod";
import { type PriceField, readPrice } from "#core/price-overlay.ts";
import { key } from "./key-facts.ts";
import { TARGETS_NAME } from "./quantities.ts";

/** A price. Numbers arrive as the text that stands in the document, so that none passes through a float. */
const price = z.union([z.number(), z.string()]).transform((written, context) => {
  const pico = readPrice(written);
  if (pico !== undefined) return pico;
  context.addIssue({
    code: "custom",
    message:
      "is not a price. Write dollars per million tokens as a plain decimal number of at most 6 decimals: `0.25`.",
  });
  return z.NEVER;
});

function rate(description: string, example: number) {
  return key(price.optional(), {
    description,
    unit: "US dollars per million tokens",
    fallback: "the catalogue's",
    example: example,
  });
}

const fields = {
  input: rate("Input that was neither read from nor written to a cache.", 0.25),
  cache_read: rate("Input read from a cache.", 0.025),
  cache_read_audio: rate("Audio read from a cache.", 0.3),
  cache_read_image: rate("Images read from a cache.", 0.08),
  cache_write_5m: rate("Input written to a cache for five minutes.", 0.3125),
  cache_write_1h: rate("Input written to a cache for one hour.", 0.5),
  output: rate("Output, reasoning included.", 2),
  input_audio: rate("Audio in the input.", 10),
  output_audio: rate("Audio in the output.", 20),
  input_image: rate("Images in the input.", 1.25),
  output_image: rate("Images in the output.", 30),
} satisfies Record<PriceField, z.ZodType>;

/** One entry under `prices`. Its output is in pico-dollars a token. */
const priceEntry = z.strictObject(fields);

/** The `prices` section: `provider/model` or `provider/*`. */
export const pricesSection = z.record(z.string().regex(TARGETS_NAME), priceEntry);

/** The `unpriced_models` key. */
export const unpricedModelsKey = key(z.enum(["deny", "allow"]).optional(), {
  description:
    "Calls to models without a known price: refuse them, or allow them. Allowed calls are marked in records, never counted as free.",
  fallback: "calls are served, with the notice `unpriced`",
  example: "deny",
});
