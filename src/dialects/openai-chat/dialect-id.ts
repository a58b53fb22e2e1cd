// The dialect's own name, as it stands on facts, neutral requests and provider state.

/** Id of OpenAI's chat completions. */
export const OPENAI_CHAT = "openai-chat";
