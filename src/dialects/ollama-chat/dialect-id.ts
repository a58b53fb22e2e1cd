// The id of this dialect, which is also the origin of what only it has.

/** Ollama's own chat API. */
export const OLLAMA_CHAT = "ollama-chat";
