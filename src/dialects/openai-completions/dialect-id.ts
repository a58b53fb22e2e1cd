// The dialect's own name.

/** Id of OpenAI's text completions. */
export const OPENAI_COMPLETIONS = "openai-completions";
