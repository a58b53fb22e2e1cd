// The dialect's own name, as it stands on facts, neutral requests and provider state.

/** Id of OpenAI's Responses API. */
export const OPENAI_RESPONSES = "openai-responses";
