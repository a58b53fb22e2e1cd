// Secrets that everybody knows.

/** A value made of these words alone, one of them a telltale, came out of a sample. */
const SAMPLE_WORDS =
  /^(?:anthropic|api|change|enter|gemini|google|here|insert|key|me|my|openai|password|placeholder|replace|secret|sk|the|this|token|with|x|your|\d)*$/;
const TELLTALES = /changeme|changethis|enteryour|insert|placeholder|replace|xxx|your/;

/** Fewest different characters of a key that people choose. */
const MIN_DIFFERENT = 6;
const LONGEST_SAMPLE = 64;

/** True for what samples and templates hold in place of a key: `your-api-key`, `<key>`, `sk-xxxx`. */
export function isPlaceholder(value: string): boolean {
  if (/^<.*>$/.test(value)) return true;
  const bare = value.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (bare === "") return true;
  return bare.length <= LONGEST_SAMPLE && TELLTALES.test(bare) && SAMPLE_WORDS.test(bare);
}

/** True for a key that is long, yet made of very few different characters. */
export function isMonotonous(value: string): boolean {
  return new Set(value).size < MIN_DIFFERENT;
}
