// The tenant that always exists.

/** Holds what is given to no other tenant. */
export const DEFAULT_TENANT = "default";
