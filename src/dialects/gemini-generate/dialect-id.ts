// The name of this dialect, in a file of its own so that its parts need not import each other for it.

/** Id of the dialect, and origin of what is received in it. */
export const GEMINI_GENERATE = "gemini-generate";
