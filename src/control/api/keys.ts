// Resource "keys": made, listed, rotated, revoked. A key's text is in one answer and never again.

import { z } from "zod";
import type { JsonObject } from "#core/json.ts";
import type { StoredKey } from "#core/ports/key-store.ts";
import type { KeyWish } from "../keys/lifecycle.ts";
import { NAME, TIME, TIME_TEXT, timeText } from "./fields.ts";
import { cutPage, PAGE_QUERY, pageOf } from "./pages.ts";
import { type AdminRoute, NO_BODY, NO_QUERY, route } from "./route.ts";
import { NOT_AVAILABLE } from "./schema-parse.ts";

const MOST_GRACE_SECONDS = 30 * 24 * 3600;

const KEY = z.object({
  id: z.string().describe("Public id, part of the key's text."),
  name: z.string(),
  tenant: z.string(),
  project: z.string().nullable(),
  plan: z.string().nullable().describe("Null: the tenant's plan."),
  models: z.array(z.string()).nullable().describe("Null: no list of the key's own."),
  tags: z.array(z.string()),
  status: z.enum(["active", "expired", "revoked"]),
  created_at: TIME_TEXT,
  expires_at: TIME_TEXT.nullable(),
  revoked_at: TIME_TEXT.nullable(),
  old_valid_until: TIME_TEXT.nullable().describe("While the text before a rotation is still good."),
});

/** A field of the contract whose engine is not built: refused, never ignored. */
function notYet(what: string): z.ZodType {
  return z
    .unknown()
    .superRefine((value, context) => {
      if (value === undefined) return;
      const message = `${what} of keys are not available yet. Leave the field out.`;
      context.addIssue({ code: "custom", message, params: { code: NOT_AVAILABLE } });
    })
    .optional()
    .describe("Not available yet.");
}

const KEY_WISH = z.strictObject({
  name: NAME,
  tenant: NAME,
  project: NAME.optional(),
  plan: NAME.optional().describe("Left out: the tenant's plan."),
  models: z.array(NAME).max(1000).optional().describe("Left out: all that the plan allows."),
  tags: z.array(NAME).max(50).default([]),
  expires_at: TIME.optional().describe("New calls are refused from then on; open ones go on."),
  budget: notYet("Budgets"),
  limits: notYet("Limits"),
});

const createKey = route({
  id: "createKey",
  method: "POST",
  path: "/admin/v1/keys",
  permission: "admin:write",
  reach: "tenant",
  summary: "Makes a key. The answer is the only place where its text is shown.",
  status: 201,
  query: NO_QUERY,
  body: KEY_WISH,
  response: KEY.extend({
    key: z.string(),
    warnings: z.array(z.string()).describe("Models of the list that the key cannot ask for."),
  }),
  async handle({ body, principal }, { keys, clock }) {
    const wish: KeyWish = {
      name: body.name,
      tenant: body.tenant,
      project: body.project ?? "",
      plan: body.plan ?? "",
      models: body.models ?? null,
      tags: body.tags,
      expiresAt: body.expires_at ?? 0,
    };
    const { stored, key } = await keys.create(wish, principal.tenants);
    const warnings = [...keys.warningsFor(wish)];
    return { body: { ...keyView(stored, clock.now()), key, warnings } };
  },
});

const listKeys = route({
  id: "listKeys",
  method: "GET",
  path: "/admin/v1/keys",
  permission: "admin:read",
  reach: "tenant",
  summary: "Lists the keys that were made here, oldest first, revoked ones included.",
  status: 200,
  query: z.strictObject({ ...PAGE_QUERY, tenant: NAME.optional() }),
  body: NO_BODY,
  response: pageOf(KEY),
  async handle({ query, principal }, { keys, clock }) {
    const rows = keys
      .list(principal.tenants)
      .filter(({ tenant }) => query.tenant === undefined || tenant === query.tenant);
    const page = cutPage(
      rows,
      query,
      ({ id }) => id,
      (key) => keyView(key, clock.now()),
    );
    return { body: { ...page, data: [...page.data] } };
  },
});

const rotateKey = route({
  id: "rotateKey",
  method: "POST",
  path: "/admin/v1/keys/{id}/rotate",
  permission: "admin:write",
  reach: "tenant",
  summary: "Gives a key a new text. The old one stays good for the grace; 0 ends it at once.",
  status: 200,
  query: NO_QUERY,
  body: z.strictObject({ grace_seconds: z.number().int().min(0).max(MOST_GRACE_SECONDS) }),
  response: z.object({ id: z.string(), key: z.string(), old_valid_until: TIME_TEXT }),
  async handle({ params, body, principal }, { keys }) {
    const id = params["id"] ?? "";
    const { stored, key } = await keys.rotate(id, body.grace_seconds, principal.tenants);
    return { body: { id, key, old_valid_until: timeText(stored.previousValidUntil) } };
  },
});

const revokeKey = route({
  id: "revokeKey",
  method: "DELETE",
  path: "/admin/v1/keys/{id}",
  permission: "admin:write",
  reach: "tenant",
  summary: "Ends a key for good, open streams included.",
  status: 204,
  query: NO_QUERY,
  body: NO_BODY,
  response: NO_BODY,
  async handle({ params, principal }, { keys }) {
    await keys.revoke(params["id"] ?? "", principal.tenants);
    return {};
  },
});

/** Routes of the resource. */
export const KEY_ROUTES: readonly AdminRoute[] = [createKey, listKeys, rotateKey, revokeKey];

function keyView(key: StoredKey, nowMs: number): JsonObject {
  return {
    id: key.id,
    name: key.name,
    tenant: key.tenant,
    project: key.project === "" ? null : key.project,
    plan: key.plan === "" ? null : key.plan,
    models: key.models === null ? null : [...key.models],
    tags: [...key.tags],
    status: statusOf(key, nowMs),
    created_at: timeText(key.createdAt),
    expires_at: timeText(key.expiresAt),
    revoked_at: timeText(key.revokedAt),
    old_valid_until: key.previousValidUntil > nowMs ? timeText(key.previousValidUntil) : null,
  };
}

function statusOf(key: StoredKey, nowMs: number): "active" | "expired" | "revoked" {
  if (key.revokedAt !== 0) return "revoked";
  return key.expiresAt !== 0 && key.expiresAt <= nowMs ? "expired" : "active";
}
