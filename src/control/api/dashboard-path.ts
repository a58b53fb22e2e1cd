// The way to the dashboard.

/** Where the dashboard will be. */
export const DASHBOARD_PATH = "/ui";
