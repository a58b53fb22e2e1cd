// The schema that an answer will be held to, looked at before anything is sent.

import { invalidRequest } from "#core/errors.ts";
import type { AnswerPlan } from "#dialects/adapt/restoring.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";

/**
 * A schema that is none is better known before an answer has been paid for.
 * @throws GatewayError `invalid_request`
 */
export async function refuseUnusable(
  { schema }: AnswerPlan,
  { checker }: Pick<GatewayDependencies, "checker">,
): Promise<void> {
  const verdict = await checker.inspect(schema);
  if (verdict.outcome !== "unusable") return;
  throw invalidRequest("response_format", `The JSON schema cannot be used: ${verdict.reason}`);
}
