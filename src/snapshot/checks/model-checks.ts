// Virtual models and their targets.

import { nearestNames } from "#policy/routing/nearest-names.ts";
import type { WrittenModel } from "../document/document.ts";
import type { DocumentPath } from "../document/issue.ts";
import { splitTarget, targetOf } from "../model-target.ts";
import type { ModelTarget } from "../snapshot.ts";
import type { CheckContext } from "./check-context.ts";

/** Checks the `models` section. */
export function checkModels(context: CheckContext): void {
  for (const [name, model] of Object.entries(context.document.models)) {
    checkName(name, context);
    checkTargets(name, model, context);
  }
}

function isProviderName(name: string, context: CheckContext): boolean {
  return Object.hasOwn(context.document.providers, name) || context.leftOut.has(name);
}

function checkName(name: string, context: CheckContext): void {
  const { provider } = splitTarget(name);
  if (provider === "" || !isProviderName(provider, context)) return;
  context.errors.atKey(["models", name], {
    code: "conflict",
    message: `The virtual model \`${name}\` would hide a model of the provider \`${provider}\`.`,
    hint: "Choose a name whose first part is no provider.",
  });
}

function checkTargets(name: string, model: WrittenModel, context: CheckContext): void {
  const path = ["models", name, "targets"];
  let lost = 0;
  for (const [index, written] of model.targets.entries()) {
    const isText = typeof written === "string";
    const place = isText ? [...path, index] : [...path, index, "model"];
    const target = targetOf(written);
    if (context.leftOut.has(target.provider)) {
      lost += 1;
      context.warnings.atValue(place, {
        code: "left_out",
        message: `\`${name}\` loses the target \`${target.provider}/${target.model}\`: the optional provider is left out.`,
      });
    } else if (!Object.hasOwn(context.document.providers, target.provider)) {
      reportProvider(place, target, context);
    } else {
      warnAboutModel(place, target, context);
    }
    if (!isText && written.weight !== 1 && model.strategy === "priority") {
      context.warnings.atValue([...path, index, "weight"], {
        code: "no_effect",
        message: "The weight changes nothing under the strategy `priority`.",
        hint: "Write `strategy: weighted` to draw by weight.",
      });
    }
  }
  if (lost === model.targets.length) {
    context.errors.atKey(["models", name], {
      code: "left_out",
      message: `The virtual model \`${name}\` has no target left: all its providers are optional and left out.`,
      hint: "Provide at least one of their variables, or remove the model.",
    });
  }
}

function reportProvider(place: DocumentPath, target: ModelTarget, context: CheckContext): void {
  const known = Object.keys(context.document.providers);
  const [nearest] = nearestNames(target.provider, known);
  context.errors.atValue(place, {
    code: "unknown_name",
    message: `Unknown provider \`${target.provider}\` in the target \`${target.provider}/${target.model}\`.`,
    hint:
      nearest === undefined
        ? "Define it under `providers`."
        : `Did you mean \`${nearest}/${target.model}\`?`,
  });
}

function warnAboutModel(place: DocumentPath, target: ModelTarget, context: CheckContext): void {
  const kind = context.kinds.get(context.document.providers[target.provider]?.kind ?? "");
  if (kind === undefined) return;
  const full = `${target.provider}/${target.model}`;
  const isPriced = context.rates(target.provider, target.model, context.nowMs) !== undefined;
  if (isPriced) return;
  const { catalogueId } = kind;
  if (catalogueId !== "" && !context.catalogue.knows(catalogueId, target.model)) {
    const [nearest] = nearestNames(target.model, context.catalogue.models(catalogueId));
    context.warnings.atValue(place, {
      code: "unknown_model",
      message: `The catalogue does not know \`${full}\`, so it has no price${consequence(context)}.`,
      hint:
        nearest === undefined
          ? "Add it under `prices` if it is right."
          : `Did you mean \`${target.provider}/${nearest}\`? Add it under \`prices\` if it is right.`,
    });
    return;
  }
  if (context.document.unpriced_models === "allow") return;
  context.warnings.atValue(place, {
    code: "unpriced",
    message: `No price is known for \`${full}\`${consequence(context)}.`,
    hint: `Add \`${full}\` or \`${target.provider}/*\` under \`prices\`.`,
  });
}

function consequence(context: CheckContext): string {
  return context.document.unpriced_models === "deny"
    ? ": its calls are refused"
    : ": its calls are marked as unpriced";
}
