// What a new key's list of models cannot do: names that nobody can ask for, or that its plan leaves out.
// Warnings, because the model may come later.

import { nearestNames } from "#policy/routing/nearest-names.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";

/** The part of a snapshot that names are looked up in. */
export type ModelNames = Pick<
  Snapshot,
  "models" | "providers" | "plans" | "listedModels" | "providersKnowing"
>;

const LONGEST_SHOWN = 100;

/**
 * Warnings for people, one a name.
 * @param models the key's own list; null = none
 * @param plan that will hold for the key; empty = none
 */
export function modelWarnings(
  models: readonly string[] | null,
  plan: string,
  names: ModelNames,
): string[] {
  const allowed = names.plans.get(plan)?.models;
  return (models ?? []).flatMap((model) => {
    const shown = model.slice(0, LONGEST_SHOWN);
    if (!isKnown(model, names)) return [`Nothing is called \`${shown}\`. ${hint(model, names)}`];
    if (allowed === undefined || allowed.has(model)) return [];
    return [`The plan \`${plan}\` does not list \`${shown}\`: the key cannot ask for it.`];
  });
}

function isKnown(model: string, names: ModelNames): boolean {
  if (names.models.has(model)) return true;
  const slash = model.indexOf("/");
  if (slash > 0 && slash < model.length - 1 && !model.endsWith("/*")) {
    if (names.providers.has(model.slice(0, slash))) return true;
  }
  return names.providersKnowing(model).length > 0;
}

function hint(model: string, names: ModelNames): string {
  const [nearest] = nearestNames(
    model,
    names.listedModels.map(({ id }) => id),
  );
  if (nearest !== undefined) return `Did you mean \`${nearest}\`?`;
  return "Names count exactly as written; there are no wildcards.";
}
