// The version of Sluice, the same as in package.json (a test compares them).

/** Semantic version. */
export const VERSION = "0.1.0";
