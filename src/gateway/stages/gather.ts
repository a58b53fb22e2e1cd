// Stage "gather": facts that have to be found out. The only sensor so far needs no waiting; those that
// do will get a deadline and a failure mode here.

import type { Exchange } from "../exchange.ts";
import { senseTokens } from "../sensors/token-count.ts";

/** Completes the facts of the call. */
export function gather(exchange: Exchange): void {
  if (exchange.facts === undefined) throw new Error("Sensors need facts.");
  exchange.sensed = senseTokens(exchange.facts);
}
