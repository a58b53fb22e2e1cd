// Plans, tenants and keys: what refers to what, and keys that are good enough.

import { DEFAULT_TENANT } from "../default-tenant.ts";
import { didYouMean } from "../document/did-you-mean.ts";
import type { WrittenKey } from "../document/document.ts";
import type { DocumentPath } from "../document/issue.ts";
import { MIN_KEY_LENGTH } from "../document/key-section.ts";
import { splitTarget } from "../model-target.ts";
import type { CheckContext } from "./check-context.ts";
import { isMonotonous, isPlaceholder } from "./weak-secrets.ts";

/** How every key begins that Sluice makes itself. */
const OWN_KEY_PREFIX = "sk-sluice-";

/** Checks `plans`, `tenants` and `keys`. */
export function checkCallers(context: CheckContext): void {
  const { plans, tenants, keys } = context.document;
  for (const [name, plan] of Object.entries(plans)) {
    checkAllowed(["plans", name, "models"], plan.models, context);
    checkPassthrough(["plans", name, "passthrough"], plan.passthrough, context);
  }
  for (const [name, tenant] of Object.entries(tenants)) {
    checkPlan(["tenants", name, "plan"], tenant.plan, context);
    checkTimeZone(["tenants", name, "time_zone"], tenant.time_zone, context);
  }
  const names = new Set<string>();
  const values = new Map<string, string>();
  for (const [index, key] of keys.entries()) {
    const path = ["keys", index];
    if (names.has(key.name)) {
      context.errors.atValue([...path, "name"], {
        code: "duplicate",
        message: `The key name \`${key.name}\` stands twice.`,
      });
    }
    names.add(key.name);
    checkOwner(path, key, context);
    checkPlan([...path, "plan"], key.plan, context);
    checkAllowed([...path, "models"], key.models, context);
    checkValue([...path, "value"], key, values, context);
  }
}

/** What a plan opens has to be open at the provider. */
function checkPassthrough(
  path: DocumentPath,
  opened: readonly string[],
  context: CheckContext,
): void {
  const { providers } = context.document;
  const known = Object.entries(providers).flatMap(([name, { passthrough }]) => [
    name,
    ...passthrough.map((rule) => `${name} ${rule}`),
  ]);
  for (const [index, text] of opened.entries()) {
    const name = text.split(" ", 1)[0] ?? "";
    if (known.includes(text) || context.leftOut.has(name)) continue;
    context.errors.atValue([...path, index], {
      code: "unknown_name",
      message: `No provider opens \`${text.slice(0, 100)}\` under \`passthrough\`.`,
      hint: didYouMean(text, known),
    });
  }
}

function checkPlan(path: DocumentPath, plan: string | undefined, context: CheckContext): void {
  const { plans } = context.document;
  if (plan === undefined || Object.hasOwn(plans, plan)) return;
  context.errors.atValue(path, {
    code: "unknown_name",
    message: `Unknown plan \`${plan.slice(0, 64)}\`.`,
    hint: didYouMean(plan, Object.keys(plans)),
  });
}

function checkTimeZone(path: DocumentPath, zone: string, context: CheckContext): void {
  if (isTimeZone(zone)) return;
  context.errors.atValue(path, {
    code: "unknown_name",
    message: `Unknown time zone \`${zone.slice(0, 64)}\`.`,
    hint:
      didYouMean(zone, Intl.supportedValuesOf("timeZone")) ||
      "Write an IANA name: `Europe/Berlin`.",
  });
}

function isTimeZone(zone: string): boolean {
  // Offsets such as `+02:00` are no zones: they know nothing of summer time.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function checkOwner(path: DocumentPath, key: WrittenKey, context: CheckContext): void {
  const { tenants } = context.document;
  const tenant = Object.hasOwn(tenants, key.tenant) ? tenants[key.tenant] : undefined;
  if (tenant === undefined && key.tenant !== DEFAULT_TENANT) {
    context.errors.atValue([...path, "tenant"], {
      code: "unknown_name",
      message: `Unknown tenant \`${key.tenant.slice(0, 64)}\`.`,
      hint: didYouMean(key.tenant, [...Object.keys(tenants), DEFAULT_TENANT]),
    });
    return;
  }
  const projects = tenant?.projects ?? {};
  if (key.project === undefined || Object.hasOwn(projects, key.project)) return;
  context.errors.atValue([...path, "project"], {
    code: "unknown_name",
    message: `The tenant \`${key.tenant}\` has no project \`${key.project.slice(0, 64)}\`.`,
    hint: didYouMean(key.project, Object.keys(projects)),
  });
}

/** Names nobody can ask for are no error: the catalogue may be older than the model. */
function checkAllowed(
  path: DocumentPath,
  names: readonly string[] | undefined,
  context: CheckContext,
): void {
  for (const [index, name] of (names ?? []).entries()) {
    if (isKnownName(name, context)) continue;
    const near = didYouMean(name, Object.keys(context.document.models));
    context.warnings.atValue([...path, index], {
      code: "unknown_model",
      message: `No virtual model, provider or catalogue entry is named \`${name.slice(0, 60)}\`.`,
      hint: near === "" ? "Names count exactly as written; there are no wildcards." : near,
    });
  }
}

function isKnownName(name: string, context: CheckContext): boolean {
  const { models, providers } = context.document;
  if (Object.hasOwn(models, name)) return true;
  const { provider, model } = splitTarget(name);
  if (provider !== "" && model !== "*") {
    if (Object.hasOwn(providers, provider) || context.leftOut.has(provider)) return true;
  }
  return Object.values(providers).some(({ kind }) => {
    const catalogueId = context.kinds.get(kind)?.catalogueId ?? "";
    return catalogueId !== "" && context.catalogue.knows(catalogueId, name);
  });
}

function checkValue(
  path: DocumentPath,
  key: WrittenKey,
  seen: Map<string, string>,
  context: CheckContext,
): void {
  if (context.origin.kind === "api") {
    context.errors.atValue(path, {
      code: "literal_secret",
      message: "Documents sent by API must not hold secrets.",
      hint: "Make the key with `sluice keys create`, or put it into the start-up file.",
    });
    return;
  }
  const value = key.value.reveal();
  const problem = valueProblem(value, context);
  if (problem !== "") {
    context.errors.atValue(path, {
      code: "weak_secret",
      message: problem,
      hint: "`openssl rand -hex 24` makes a good one.",
    });
  }
  if (problem === "" && isMonotonous(value)) {
    context.warnings.atValue(path, {
      code: "weak_secret",
      message: "The key consists of very few different characters: it is easy to guess.",
    });
  }
  const other = seen.get(value);
  if (other !== undefined) {
    context.errors.atValue(path, {
      code: "duplicate",
      message: `The keys \`${other}\` and \`${key.name}\` have the same value.`,
    });
  }
  seen.set(value, key.name);
}

function valueProblem(value: string, context: CheckContext): string {
  if (value.length < MIN_KEY_LENGTH) {
    return `The key has ${value.length} characters; it needs at least ${MIN_KEY_LENGTH}.`;
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    return "The key holds spaces, line ends or signs that no header can carry.";
  }
  if (value.startsWith(OWN_KEY_PREFIX) && !context.isSluiceKey(value)) {
    return `Keys that begin with \`${OWN_KEY_PREFIX}\` are made by Sluice, and this one's checksum is wrong.`;
  }
  // A row of the same signs is the caller's to choose; it earns a warning.
  return isPlaceholder(value) && !isMonotonous(value)
    ? "The key is a placeholder out of a sample, not a key."
    : "";
}
