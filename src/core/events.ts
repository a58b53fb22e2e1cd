// What the gateway tells others about itself. Telemetry subscribes; nobody listening costs nothing.

import type { AttemptRecord } from "./attempt.ts";
import type { ExchangeRecord } from "./record.ts";

/** Everything that happens, noun first. */
export type GatewayEvent =
  | { readonly type: "exchange-started"; readonly dialect: string }
  | { readonly type: "attempt-settled"; readonly attempt: AttemptRecord }
  | {
      readonly type: "exchange-settled";
      readonly record: ExchangeRecord;
      /** Address of the client, behind trusted proxies the one they name; for the log only. */
      readonly clientAddress: string;
    }
  /** Turned away before a caller was known; has no record. */
  | {
      readonly type: "exchange-refused";
      readonly dialect: string;
      readonly code: string;
      readonly status: number;
      readonly clientAddress: string;
    }
  | { readonly type: "breaker-changed"; readonly target: string; readonly state: string }
  /** A token or session keys could not be had; perhaps those at hand are still good. */
  | {
      readonly type: "login-failed";
      readonly provider: string;
      readonly key: string;
      readonly outcome: string;
      readonly message: string;
    }
  | { readonly type: "snapshot-changed"; readonly hash: string; readonly version: number }
  | { readonly type: "document-refused"; readonly source: string; readonly errors: number }
  | { readonly type: "fault-caught"; readonly where: string; readonly error: unknown };

/** Receives events. Must not throw and must not wait. */
export type EventSink = (event: GatewayEvent) => void;

/** One sink out of several. */
export function fanOut(sinks: readonly EventSink[]): EventSink {
  const [only] = sinks;
  if (sinks.length === 1 && only !== undefined) return only;
  return (event) => {
    for (const sink of sinks) sink(event);
  };
}
