// The name under which everything of this dialect is filed: its id, and the origin of its state.

/** Id of the dialect and origin of the provider state that it reads. */
export const ANTHROPIC_MESSAGES = "anthropic-messages";
