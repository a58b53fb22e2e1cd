// What becomes of a wish that a model is known not to serve.

import { GatewayError } from "#core/errors.ts";
import { FEATURES, type Feature } from "#core/features.ts";
import type { UpstreamContext } from "../dialect.ts";

/**
 * Announces that a wish is left out.
 * @throws GatewayError `unsupported_feature` where leaving it out would make another call of it
 */
export function without(feature: Feature, context: UpstreamContext): void {
  if (FEATURES[feature].withoutIt === "refused") throw refusal(feature, feature, context);
  context.notice("dropped", feature);
}

/** @param what the model lacks: a feature by its name, or in words */
export function refusal(what: string, param: string, { model }: UpstreamContext): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `The model ${JSON.stringify(model.slice(0, 100))} has no ${what}. Leave it out or ask for another model.`,
    { param },
  );
}
