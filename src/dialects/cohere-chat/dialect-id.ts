// The id of this dialect, which is also the origin of what only it has.

/** Cohere's chat, second version. */
export const COHERE_CHAT = "cohere-chat";
