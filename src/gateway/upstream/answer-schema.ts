// The schema that an answer will be held to, looked at before anything is sent.

import { invalidRequest, toGatewayError } from "#core/errors.ts";
import type { AnswerPlan } from "#dialects/adapt/restoring.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";

/**
 * A schema that is none, or that nothing can be held to in time, is better known before an answer has been paid for.
 * @throws GatewayError `invalid_request`; `overloaded` or `internal_error` when nobody can look
 */
export async function refuseUnusable(
  { schema }: AnswerPlan,
  { checker }: Pick<GatewayDependencies, "checker">,
): Promise<void> {
  const verdict = await checker.inspect(schema).catch((error: unknown) => {
    // A fault of ours is no upstream's.
    throw toGatewayError(error);
  });
  if (verdict.outcome === "too_slow") {
    throw invalidRequest(
      "response_format",
      "The JSON schema takes too long to check. Simplify it.",
    );
  }
  if (verdict.outcome !== "unusable") return;
  throw invalidRequest("response_format", `The JSON schema cannot be used: ${verdict.reason}`);
}
