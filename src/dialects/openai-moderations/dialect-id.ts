// The dialect's own name.

/** Id of OpenAI's moderations. */
export const OPENAI_MODERATIONS = "openai-moderations";
