// A neutral request as the body for one vendor: adapted first, then written. The one way from the
// neutral form to an upstream.

import type { JsonObject } from "#core/json.ts";
import type { Translation, UpstreamContext } from "../dialect.ts";
import type { NeutralRequest } from "../neutral.ts";
import { adaptRequest } from "./adapt-request.ts";
import { fitLimits } from "./fit-limits.ts";
import { portableRequest } from "./portable-request.ts";
import type { Adaptation } from "./restoring.ts";

/** A body, and what was changed for the vendor's sake. */
export interface TranslatedRequest {
  readonly body: JsonObject;
  /** Undefined when the request went as it was. */
  readonly adaptation: Adaptation | undefined;
}

/** @throws GatewayError `unsupported_feature` naming what the vendor or the model cannot take */
export function translateRequest(
  translation: Translation,
  request: NeutralRequest,
  context: UpstreamContext,
): TranslatedRequest {
  const portable = fitLimits(portableRequest(request, context), context);
  const adapted = adaptRequest(portable, translation.accepts, context);
  const body = translation.requestFromNeutral(adapted.request, context);
  return { body, adaptation: adapted.adaptation };
}
