// Where a call goes, and why: a pure function, the same for live traffic, explain and replay.

import type { Caller } from "#core/caller.ts";
import type { Decision, Reason, RejectedEntry, RouteEntry } from "#core/decision.ts";
import { GatewayError } from "#core/errors.ts";
import type { CallFacts, DialectId, Operation, SensedFacts } from "#core/facts.ts";
import type { NanoUsd } from "#core/money.ts";
import { worstCaseOf } from "#core/pricing.ts";
import type { Target } from "#core/target.ts";
import { targetName } from "#core/target.ts";
import { type Label, permits } from "../dataflow/permits.ts";
import { isPlain, missingFeatures, tooLong } from "./fit-capabilities.ts";
import { nextDraw, orderByWeight } from "./order-targets.ts";
import { type ResolvedModel, resolveModel } from "./resolve-model.ts";
import type { RoutableProvider, RoutableTarget, RoutingView } from "./routing-view.ts";

/** What is known of a target's health when a decision is made. */
export interface TargetHealth {
  /** `open` = leave alone, `probing` = one call may find out, `closed` = fine. */
  readonly breaker: "closed" | "open" | "probing";
  /** Milliseconds since the epoch until which the credential is set aside; 0 = it is not. */
  readonly quarantinedUntilMs: number;
  /** When the breaker lets a probe through, milliseconds since the epoch. */
  readonly dueAtMs: number;
}

/** Health by target at the time of the decision. */
export type LiveView = (target: Target) => TargetHealth;

/** What a target would have to do, in the words of a refusal. */
const WORK: Readonly<Record<Operation, string>> = {
  generate: "answers conversations",
  count_tokens: "counts tokens",
  embed: "makes embeddings",
  rerank: "ranks documents",
  complete: "completes texts",
  moderate: "moderates texts",
  generate_image: "makes images",
  edit_image: "edits images",
  vary_image: "varies images",
  speak: "makes speech",
  transcribe: "transcribes speech",
  translate_audio: "translates speech",
  pass_through: "opens its paths",
};

/** Everything that a decision depends on. */
export interface DecisionInput {
  readonly facts: CallFacts;
  readonly sensed: SensedFacts;
  readonly caller: Caller;
  readonly label: Label;
  readonly live: LiveView;
  readonly view: RoutingView;
  /** A number in [0, 1), from the exchange id. */
  readonly draw: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** A candidate with what speaks for and against it. */
interface Candidate {
  readonly entry: RouteEntry;
  readonly health: TargetHealth;
}

/**
 * Decides where a call may go.
 * @throws GatewayError when the name resolves to nothing or no target is left
 */
export function decide(input: DecisionInput): Decision {
  const resolved = resolveModel(input.facts.model, input.caller, input.view);
  const { fit, rejected } = fitting(resolved, input);
  const route = healthyFirst(fit, rejected);
  if (route.length === 0) throw refusal(rejected, input);
  const first = route[0];
  return {
    virtualModel: resolved.virtualModel,
    route,
    rejected,
    limits: resolved.limits,
    label: input.label.level,
    expected: undefined,
    worst: first === undefined ? undefined : worstCost(first.target, input),
    snapshot: input.view.hash,
    draw: input.draw,
  };
}

/** Targets that can serve the call at all, one entry a credential, in the order of the strategy. */
function fitting(resolved: ResolvedModel, input: DecisionInput) {
  const fit: Candidate[] = [];
  const rejected: RejectedEntry[] = [];
  const space = vectorSpace(resolved, input);
  const ordered =
    resolved.strategy === "weighted"
      ? orderByWeight(resolved.targets, input.draw)
      : resolved.targets;
  for (let place = 0; place < ordered.length; place += 1) {
    const routable = ordered[place];
    if (routable === undefined) continue;
    const provider = input.view.providers.get(routable.provider);
    if (provider === undefined) continue;
    const placing = placingReason(resolved, routable, place, input.draw);
    for (const target of withCredentials(routable, provider, input.draw)) {
      const against = objections(target, provider, input);
      if (space !== undefined && modelBehind(provider, target.model) !== space) {
        against.push({ code: "other_vector_space", detail: space });
      }
      if (against.length > 0) rejected.push({ target, because: against });
      else {
        fit.push({
          entry: { target, score: 1 / (place + 1), because: [placing] },
          health: input.live(target),
        });
      }
    }
  }
  return { fit: withRoom(fit, rejected, input), rejected };
}

/**
 * Leaves out targets whose context is too small for what the request is estimated to be. An estimate
 * refuses nothing: where none has more room, the vendors decide.
 */
function withRoom(
  fit: Candidate[],
  rejected: RejectedEntry[],
  { view, facts, sensed }: DecisionInput,
): Candidate[] {
  if (fit.length < 2) return fit;
  const limitOf = ({ entry }: Candidate) =>
    tooLong(facts, sensed, view.capabilities(entry.target.provider, entry.target.model));
  const limits = fit.map(limitOf);
  if (limits.every((limit) => limit === undefined) || !limits.includes(undefined)) return fit;
  return fit.filter(({ entry }, place) => {
    const limit = limits[place];
    if (limit === undefined) return true;
    const detail = `about ${sensed.inputTokens} input tokens, room for ${limit}`;
    rejected.push({ target: entry.target, because: [{ code: "context_too_long", detail }] });
    return false;
  });
}

/**
 * The model that an embedding call may use: vectors of different models cannot be compared, so that
 * all calls of a name must get those of one. It depends on the document alone, never on weight, health
 * or the request; another provider or credential with the same model is fine.
 * @returns undefined for other operations, which any target may serve
 */
function vectorSpace(resolved: ResolvedModel, { facts, view }: DecisionInput): string | undefined {
  if (facts.operation !== "embed") return undefined;
  for (const { provider: name, model } of resolved.targets) {
    const provider = view.providers.get(name);
    if (provider !== undefined && canServe(provider, facts, model)) {
      return modelBehind(provider, model);
    }
  }
  return undefined;
}

function modelBehind({ deployments }: RoutableProvider, name: string): string {
  return deployments?.get(name) ?? name;
}

/** One target a credential, in the order of their weights. */
export function withCredentials(
  routable: RoutableTarget,
  provider: RoutableProvider,
  draw: number,
): Target[] {
  const { provider: name, model } = routable;
  const { credentials } = provider;
  if (credentials.length === 0) return [{ provider: name, model, key: "none", region: "" }];
  const ordered =
    credentials.length === 1 ? credentials : orderByWeight(credentials, nextDraw(draw));
  return ordered.map(({ id }) => ({ provider: name, model, key: id, region: "" }));
}

function placingReason(
  resolved: ResolvedModel,
  routable: RoutableTarget,
  place: number,
  draw: number,
): Reason {
  if (resolved.strategy === "direct") return { code: resolved.because, detail: "" };
  if (resolved.strategy === "priority") return { code: "priority", detail: `place ${place + 1}` };
  return { code: "weighted", detail: `weight ${routable.weight}, draw ${draw.toFixed(6)}` };
}

const NOTHING: readonly string[] = Object.freeze([]);

function objections(target: Target, provider: RoutableProvider, input: DecisionInput): Reason[] {
  const against: Reason[] = [];
  if (!canServe(provider, input.facts, target.model)) {
    against.push({
      code: "dialect_unsupported",
      detail: `${input.facts.operation} of ${input.facts.dialect}`,
    });
  }
  const missing = isPlain(input.facts)
    ? NOTHING
    : missingFeatures(input.facts, input.view.capabilities(target.provider, target.model));
  if (missing.length > 0) {
    against.push({ code: "feature_unsupported", detail: missing.join(", ") });
  }
  if (
    input.view.unpricedModels === "deny" &&
    input.view.rates(target.provider, target.model, input.nowMs) === undefined
  ) {
    against.push({ code: "unpriced", detail: targetName(target) });
  }
  if (!permits(input.label, { kind: "upstream", target })) {
    against.push({ code: "not_permitted", detail: input.label.level });
  }
  return against;
}

function canServe(provider: RoutableProvider, facts: CallFacts, model: string): boolean {
  const { dialect, operation } = facts;
  if (operation === "count_tokens") return true;
  if (reaches(provider, dialect, operation, model)) return true;
  for (const spoken of provider.speaks.keys()) {
    if (reaches(provider, spoken, operation, model)) return true;
  }
  return false;
}

function reaches(
  provider: RoutableProvider,
  dialect: DialectId,
  operation: Operation,
  model: string,
): boolean {
  if (provider.speaks.get(dialect)?.has(operation) !== true) return false;
  return provider.serves === undefined || provider.serves(dialect, operation, model);
}

/**
 * Healthy targets in their order, then those worth a probe. Targets whose breaker is open stay out
 * while there is another; when all are open the one that is due first is tried, since a wrong "all
 * down" is worse than one more failure. A credential in quarantine is never a last resort: its
 * upstream has said when it wants to be asked again.
 */
export function healthyFirst(
  candidates: readonly Candidate[],
  rejected: RejectedEntry[],
): RouteEntry[] {
  const route: RouteEntry[] = [];
  const open: Candidate[] = [];
  for (const candidate of candidates) {
    const { entry, health } = candidate;
    if (health.quarantinedUntilMs > 0) {
      const until = new Date(health.quarantinedUntilMs).toISOString();
      rejected.push({
        target: entry.target,
        because: [{ code: "key_quarantined", detail: until }],
      });
    } else if (health.breaker === "open") open.push(candidate);
    else if (health.breaker === "probing") {
      route.push({ ...entry, because: [...entry.because, { code: "breaker_probe", detail: "" }] });
    } else route.push(entry);
  }
  open.sort((left, right) => left.health.dueAtMs - right.health.dueAtMs);
  for (const { entry, health } of open) {
    const until = new Date(health.dueAtMs).toISOString();
    if (route.length === 0) {
      route.push({ ...entry, because: [...entry.because, { code: "last_resort", detail: until }] });
    } else {
      rejected.push({ target: entry.target, because: [{ code: "breaker_open", detail: until }] });
    }
  }
  return route;
}

function refusal(rejected: readonly RejectedEntry[], input: DecisionInput): GatewayError {
  const codes = new Set(rejected.flatMap((entry) => entry.because.map((reason) => reason.code)));
  const asked = JSON.stringify(input.facts.model.slice(0, 100));
  if (codes.has("key_quarantined")) {
    const untilMs = Math.min(
      ...rejected.flatMap((entry) =>
        entry.because
          .filter((reason) => reason.code === "key_quarantined")
          .map((reason) => Date.parse(reason.detail)),
      ),
    );
    return new GatewayError(
      "upstream_rate_limited",
      `The upstreams of ${asked} have asked not to be called before ${new Date(untilMs).toISOString()}.`,
      {
        retryAfterSeconds: Math.max(1, Math.ceil((untilMs - input.nowMs) / 1000)),
        headers: { "x-should-retry": "false" },
      },
    );
  }
  const lacking = rejected.flatMap(({ because }) =>
    because.filter(({ code }) => code === "feature_unsupported"),
  );
  if (lacking.length > 0 && lacking.length === rejected.length) {
    const missing = [...new Set(lacking.flatMap(({ detail }) => detail.split(", ")))].join(", ");
    return new GatewayError(
      "unsupported_feature",
      `No target of ${asked} can serve what the request needs: ${missing}. Leave it out or ask for another model.`,
      { details: { features: missing } },
    );
  }
  if (codes.has("unpriced")) {
    return new GatewayError(
      "unpriced_model",
      `The price of ${asked} is unknown and unpriced_models is deny. Add it under prices: in the configuration.`,
      { param: "model" },
    );
  }
  return new GatewayError(
    "unsupported_feature",
    `No target of ${asked} ${WORK[input.facts.operation]}. Ask for another model.`,
    { param: "model" },
  );
}

/** Input at its dearest class and the whole output cap; undefined when either has no bound. */
function worstCost(target: Target, input: DecisionInput): NanoUsd | undefined {
  const { facts, sensed, view, nowMs } = input;
  if (facts.operation === "generate" && facts.maxOutputTokens === 0) return undefined;
  const rates = view.rates(target.provider, target.model, nowMs);
  if (rates === undefined) return undefined;
  const outputTokens = facts.maxOutputTokens * Math.max(1, facts.choices);
  return worstCaseOf(rates, sensed.inputTokens, outputTokens);
}
