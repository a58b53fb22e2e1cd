// What every compilation of a document takes from this build: the kinds, the prices, the keys' own form.

import { publicIdOf } from "#control/keys/key-text.ts";
import { CATALOGUE } from "#providers/catalog/catalogue.ts";
import { PROVIDER_KINDS } from "#providers/list.ts";
import type { CompileSettings } from "#snapshot/compile.ts";
import { processReferences } from "./environment.ts";

/** For the gateway and for checks without one; references are looked up in this process. */
export const COMPILE_SETTINGS: CompileSettings = Object.freeze({
  references: processReferences,
  catalogue: CATALOGUE,
  providerKinds: PROVIDER_KINDS,
  isSluiceKey: (value: string) => publicIdOf(value) !== undefined,
});
