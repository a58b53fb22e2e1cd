// A target: the key of health, prices, clearance and cost.

/** Where an attempt goes: a provider, one of its credentials, a region, a model. */
export interface Target {
  /** Name under `providers:`. */
  readonly provider: string;
  /** Model name as the provider spells it. May contain slashes. */
  readonly model: string;
  /** Id of the credential; `default` when the provider has one, `none` when it needs none. */
  readonly key: string;
  /** Empty when the provider has no regions. */
  readonly region: string;
}

/** `provider/model`, as users write it and as headers and records show it. */
export function targetName(target: Pick<Target, "provider" | "model">): string {
  return `${target.provider}/${target.model}`;
}

/** A map key that tells apart everything that can fail on its own. */
export function targetKey(target: Target): string {
  return `${target.provider}/${target.model}#${target.key}@${target.region}`;
}
