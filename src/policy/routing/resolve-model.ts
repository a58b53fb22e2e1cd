// From the name that was asked for to the targets it stands for (contract section 3).

import type { Caller } from "#core/caller.ts";
import type { AttemptLimits, ReasonCode } from "#core/decision.ts";
import { GatewayError, invalidRequest } from "#core/errors.ts";
import { nearestNames } from "./nearest-names.ts";
import type { RoutableTarget, RoutingView } from "./routing-view.ts";

/** What a name stands for. */
export interface ResolvedModel {
  /** Name of the virtual model, empty when the name is a target itself. */
  readonly virtualModel: string;
  readonly strategy: "priority" | "weighted" | "direct";
  readonly targets: readonly RoutableTarget[];
  readonly limits: AttemptLimits;
  readonly because: ReasonCode;
}

/**
 * Resolves a model name: virtual model, then `provider/model`, then a bare name that exactly one
 * configured provider's catalogue knows.
 * @throws GatewayError `unknown_model`, `ambiguous_model` or `model_not_allowed`; `invalid_request` for a
 *   name that is no text (half a surrogate pair), which no address could hold
 */
export function resolveModel(asked: string, caller: Caller, view: RoutingView): ResolvedModel {
  if (!asked.isWellFormed()) throw invalidRequest("model", '"model" is not valid Unicode text.');
  const resolved = lookUp(asked, caller, view);
  if (!isAllowed(asked, resolved, caller)) throw notAllowed(asked, caller, view);
  return resolved;
}

/** The models that a caller may ask for, for lists and hints. */
export function modelsFor(caller: Caller, view: RoutingView) {
  const allowed = caller.allowedModels;
  if (allowed === undefined) return view.listedModels;
  const listed = view.listedModels.filter((model) => allowed.has(model.id));
  const missing = [...allowed].filter(
    (name) => !listed.some((model) => model.id === name) && isServable(name, view),
  );
  return [
    ...listed,
    ...missing.map((id) => ({ id, ownedBy: ownerOf(id), inputTokens: 0, outputTokens: 0 })),
  ];
}

function lookUp(asked: string, caller: Caller, view: RoutingView): ResolvedModel {
  const virtual = view.models.get(asked);
  if (virtual !== undefined) {
    return {
      virtualModel: virtual.name,
      strategy: virtual.strategy,
      targets: virtual.targets,
      limits: virtual.limits,
      because: virtual.strategy,
    };
  }
  const slash = asked.indexOf("/");
  if (slash > 0 && slash < asked.length - 1 && view.providers.has(asked.slice(0, slash))) {
    return direct(asked.slice(0, slash), asked.slice(slash + 1), "direct", view);
  }
  const owners = view.providersKnowing(asked);
  const [owner] = owners;
  if (owner === undefined) {
    throw new GatewayError(
      "unknown_model",
      `There is no model ${JSON.stringify(clip(asked))}. ${hintFor(asked, caller, view)}`,
      { param: "model" },
    );
  }
  if (owners.length > 1) {
    // Only what the caller may ask for is named: the rest is nobody's business.
    const choices = owners
      .map((name) => `${name}/${asked}`)
      .filter((name) => caller.allowedModels?.has(name) ?? true);
    if (choices.length === 0 && caller.allowedModels?.has(asked) !== true) {
      throw notAllowed(asked, caller, view);
    }
    throw new GatewayError(
      "ambiguous_model",
      `Several providers offer ${JSON.stringify(clip(asked))}. Write ${oneOf(choices)}.`,
      { param: "model" },
    );
  }
  return direct(owner, asked, "catalogue", view);
}

function direct(
  provider: string,
  model: string,
  because: ReasonCode,
  view: RoutingView,
): ResolvedModel {
  return {
    virtualModel: "",
    strategy: "direct",
    targets: [{ provider, model, weight: 1 }],
    limits: view.directLimits,
    because,
  };
}

function notAllowed(asked: string, caller: Caller, view: RoutingView): GatewayError {
  return new GatewayError(
    "model_not_allowed",
    `The key may not ask for model ${JSON.stringify(clip(asked))}. ${hintFor(asked, caller, view)}`,
    { param: "model" },
  );
}

function oneOf(choices: readonly string[]): string {
  return choices.length === 0 ? "provider/model" : `one of: ${choices.join(", ")}`;
}

function isAllowed(asked: string, resolved: ResolvedModel, caller: Caller): boolean {
  const allowed = caller.allowedModels;
  if (allowed === undefined || allowed.has(asked)) return true;
  const [only] = resolved.targets;
  return (
    resolved.because === "catalogue" &&
    only !== undefined &&
    allowed.has(`${only.provider}/${only.model}`)
  );
}

function isServable(name: string, view: RoutingView): boolean {
  const slash = name.indexOf("/");
  return slash > 0 ? view.providers.has(name.slice(0, slash)) : view.models.has(name);
}

function ownerOf(id: string): string {
  const slash = id.indexOf("/");
  return slash > 0 ? id.slice(0, slash) : "sluice";
}

function hintFor(asked: string, caller: Caller, view: RoutingView): string {
  const names = nearestNames(
    asked,
    modelsFor(caller, view).map((model) => model.id),
  );
  if (names.length === 0) return "GET /v1/models lists the models of this key.";
  return `Did you mean ${names.join(" or ")}? GET /v1/models lists the models of this key.`;
}

function clip(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
