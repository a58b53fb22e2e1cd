// What was written down of an exchange, cut to what tests compare.

import { expect } from "bun:test";
import { asArray, asObject, type Json, type JsonObject } from "#core/json.ts";
import type { GatewayBench, TestRoute } from "./bench.ts";

/** What the default answer of the scripted upstream reports, and what it costs. */
export const DEFAULT_USED: Used = { input: 11, output: 7, source: "provider" };
export const DEFAULT_COST = "0.000025";

export interface Used {
  readonly input: number;
  readonly output: number;
  readonly source: string;
}

/** A decision record in short. */
export interface Brief {
  readonly outcome: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly target: string | undefined;
  /** Outcome and upstream status of each attempt. */
  readonly attempts: readonly string[];
  readonly used: Used;
  readonly cost: string | null;
  readonly notices: readonly string[];
}

/** Cuts a decision record down. */
export function brief(record: JsonObject): Brief {
  const attempts = (asArray(record["attempts"]) as JsonObject[]).map(
    (attempt) => `${attempt["outcome"]} ${attempt["status"]}`,
  );
  return {
    outcome: String(record["outcome"]),
    status: Number(record["status"]),
    code: text(record["code"]),
    target: text(record["target"]),
    attempts,
    used: usedIn(record),
    cost: text(record["cost_usd"]) ?? null,
    notices: asArray(record["notices"]) as string[],
  };
}

/** The usage of a record or of one attempt of it. */
export function usedIn(holder: JsonObject): Used {
  const usage = asObject(holder["usage"]) ?? {};
  return {
    input: Number(usage["input_tokens"]),
    output: Number(usage["output_tokens"]),
    source: String(usage["source"]),
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The usage row of a route must say the same as the only exchange that it had. */
export async function expectRow(
  bench: GatewayBench,
  route: TestRoute,
  { outcome, status, used, cost }: Brief,
): Promise<void> {
  const isBroken = status >= 400 || outcome === "truncated" || outcome === "failed";
  const isError = isBroken && outcome !== "client_cancelled";
  const row = await bench.usage(route);
  expect(row).toMatchObject({
    model: route.model,
    requests: 1,
    errors: isError ? 1 : 0,
    input_tokens: used.input,
    output_tokens: used.output,
    cost_usd: cost ?? "0",
    unpriced_requests: cost === null ? 1 : 0,
  });
}
