// What is tried next: a target, and by which of its provider's outlets.

import type { RouteEntry } from "#core/decision.ts";
import type { Repair } from "#dialects/adapt/repair.ts";
import type { Exchange } from "../exchange.ts";
import { type Outlet, outletOf } from "./build-request.ts";
import { throughOutlet } from "./through-outlet.ts";

/** A target to ask, and what it is to mend of its last answer. */
export interface NextTry {
  readonly entry: RouteEntry;
  readonly repair?: Repair;
  /** The same request on another connection, because the first was lost. */
  readonly isResent?: true;
  /** Which of the provider's outlets: those before it cannot carry the call. Absent = the first. */
  readonly rank?: number;
}

/** The outlet of a try; undefined when the provider has no such, or no such any more. */
export function outletOfTry(exchange: Exchange, { entry, rank = 0 }: NextTry): Outlet | undefined {
  const { facts, snapshot } = exchange;
  const provider = snapshot.providers.get(entry.target.provider);
  if (facts === undefined || provider === undefined) return undefined;
  const { route, call } = exchange;
  const { through } = route;
  if (through !== undefined) {
    return rank === 0 ? throughOutlet(provider, through, call.query) : undefined;
  }
  const model = provider.deployments.get(entry.target.model) ?? entry.target.model;
  return outletOf(provider, facts, model, rank);
}
