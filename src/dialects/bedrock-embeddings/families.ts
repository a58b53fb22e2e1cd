// Who made a model that Bedrock serves: each maker has a form of its own behind the same path.
// Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html (2026-11).

/** The forms. */
export type Family = "titan-text" | "titan-image" | "nova" | "cohere-form";

const FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/titan-embed-image/, "titan-image"],
  [/titan-embed|titan-e1t/, "titan-text"],
  [/nova[\w.-]*embed/, "nova"],
  [/cohere\.embed|\bembed-(?:v\d|english|multilingual)/, "cohere-form"],
];

/** The form of a model, or of an ARN or a profile that names one; undefined for what makes no vectors. */
export function familyOf(model: string): Family | undefined {
  const name = model.toLowerCase();
  return FAMILIES.find(([pattern]) => pattern.test(name))?.[1];
}

/** The first version knows neither sizes nor types. */
export function isFirstTitan(model: string): boolean {
  return /titan-embed-(?:text-v1|g1)|titan-e1t/.test(model.toLowerCase());
}

/** True for names of embedding models. */
export function isEmbeddingModel(model: string): boolean {
  return familyOf(model) !== undefined;
}
