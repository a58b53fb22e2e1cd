// Answers a counting call: by the target's own counter, in whichever dialect it has one; else with an
// estimate that says so.

import { GatewayError } from "#core/errors.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { answerHeaders } from "../response-headers.ts";
import { outletOf } from "../upstream/build-request.ts";
import { answerWhole } from "./answer-whole.ts";
import { settle } from "./settle.ts";

/** True when the first target of the route cannot count tokens itself. */
export function needsEstimate(exchange: Exchange): boolean {
  const { facts, decision, snapshot } = exchange;
  const first = decision?.route[0];
  if (facts?.operation !== "count_tokens" || first === undefined) return false;
  const provider = snapshot.providers.get(first.target.provider);
  if (provider === undefined) return true;
  const model = provider.deployments.get(first.target.model) ?? first.target.model;
  return outletOf(provider, facts, model) === undefined;
}

/**
 * Asks the target. Where it does not answer, an estimate is of more use than an error; what it finds
 * wrong with the request is the client's to know.
 * @throws GatewayError or StoppedEarly, as `answerWhole` does
 */
export async function answerCounted(
  exchange: Exchange,
  dependencies: GatewayDependencies,
): Promise<Response> {
  try {
    return await answerWhole(exchange, dependencies);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError) || exchange.isSettled) throw thrown;
    const hasNoCounter = thrown.code === "upstream_rejected" && NO_COUNTER.has(thrown.status);
    if (thrown.row.source !== "upstream" && !hasNoCounter) throw thrown;
    return answerCount(exchange, dependencies);
  }
}

/** What servers say that have no such path: many imitate a vendor without its counter. */
const NO_COUNTER: ReadonlySet<number> = new Set([404, 405]);

/** Estimates on the high side: a client that trusts the count must never run into the limit. */
export function answerCount(exchange: Exchange, dependencies: GatewayDependencies): Response {
  exchange.notice("estimated", "input_tokens");
  exchange.servedBy = exchange.decision?.route[0]?.target;
  settle(exchange, { outcome: "answered", status: 200, code: "" }, dependencies);
  const elapsedMs = dependencies.clock.monotonic() - exchange.startedTick;
  const headers = answerHeaders(exchange, elapsedMs, undefined);
  headers["content-type"] = "application/json";
  const body = exchange.dialect.countReply(exchange.sensed?.inputTokens ?? 0);
  return new Response(JSON.stringify(body), { headers });
}
