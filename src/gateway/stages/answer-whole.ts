// Answers a call that wants a whole reply.

import { type Exchange, StoppedEarly } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { usageOf } from "../relay/used.ts";
import { judgeWhole, type WholeReply } from "../relay/whole.ts";
import { answerHeaders } from "../response-headers.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { attemptRoute } from "./attempt.ts";
import { settle } from "./settle.ts";

/**
 * Tries the route and answers with the first good reply.
 * @throws GatewayError or StoppedEarly when there is none; the exchange is then not settled yet
 */
export async function answerWhole(
  exchange: Exchange,
  dependencies: GatewayDependencies,
): Promise<Response> {
  const judged = await attemptRoute(exchange, dependencies, (opened) =>
    judgeWhole(exchange, opened, dependencies),
  );
  return giveWhole(exchange, judged, dependencies);
}

/**
 * Answers with a reply that was judged good.
 * @throws GatewayError when it cannot be recorded; StoppedEarly
 */
export function giveWhole(
  exchange: Exchange,
  { attempt, good }: { readonly attempt: Attempt; readonly good: WholeReply },
  dependencies: GatewayDependencies,
): Response {
  const { clock, health } = dependencies;
  const used = usageOf(exchange, good.findings.usage, good.findings.textLength);
  const message =
    attempt.split === undefined ? "" : `Sent as ${attempt.split.payloads.length} requests.`;
  const record = attempt.record({ outcome: "succeeded", usage: used, message });
  const durationMs = record?.durationMs ?? 0;
  health.succeeded(
    attempt.target,
    clock.now(),
    durationMs,
    perSecond(used.outputTokens, durationMs),
  );
  attempt.markServing();
  exchange.firstTokenMs = clock.monotonic() - exchange.startedTick;
  if (exchange.stopped !== undefined) throw new StoppedEarly(exchange.stopped);
  const status = attempt.reply?.status ?? 200;
  const settled = settle(exchange, { outcome: "answered", status, code: "" }, dependencies);
  const elapsedMs = clock.monotonic() - exchange.startedTick;
  const headers = answerHeaders(exchange, elapsedMs, settled?.cost);
  headers["content-type"] = "application/json";
  return new Response(good.payload as BodyInit, { status, headers });
}

function perSecond(tokens: number, durationMs: number): number {
  return durationMs > 0 ? (tokens * 1000) / durationMs : 0;
}
