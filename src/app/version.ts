// The version of this build, as package.json has it.

import manifest from "../../package.json" with { type: "json" };

/** For `sluice version` and the OpenAPI document. */
export const version: string = manifest.version;
