// The JSON that Google gives out for a service account's key or for a workload of another identity provider,
// or that `gcloud` keeps of a user's login.

import { createPrivateKey } from "node:crypto";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { GoogleLogin } from "#core/login.ts";
import { Secret } from "#core/secret.ts";

/** What such a file says. */
export interface GoogleAccount {
  /** Undefined when the file is none; `problem` then says why. */
  readonly account: GoogleLogin["account"] | undefined;
  readonly tokenUrl: string | undefined;
  readonly project: string | undefined;
  /** A sentence without anything out of the file; empty when all is well. */
  readonly problem: string;
}

const PROJECT = /^(?:[a-z0-9.-]{1,80}:)?[a-z0-9-]{1,80}$/;

/** Reads the file's text. */
export function accountOf(text: string): GoogleAccount {
  const file = parsed(text);
  if (file === undefined) return bad("It is not a JSON object.");
  const type = asString(file["type"]);
  if (type === "service_account") return serviceAccount(file);
  if (type === "authorized_user") return userLogin(file);
  if (type === "external_account") return workload(file);
  return bad("Its `type` is not `service_account`, `external_account` or `authorized_user`.");
}

function serviceAccount(file: JsonObject): GoogleAccount {
  const email = asString(file["client_email"]) ?? "";
  const privateKey = asString(file["private_key"]) ?? "";
  if (email === "" || privateKey === "") return bad("It lacks `client_email` or `private_key`.");
  if (!isRsaKey(privateKey)) return bad("Its `private_key` cannot be read.");
  const account = {
    type: "service_account",
    email,
    keyId: asString(file["private_key_id"]) ?? "",
    privateKey: new Secret(privateKey),
  } as const;
  return good(account, file);
}

function userLogin(file: JsonObject): GoogleAccount {
  const clientId = asString(file["client_id"]) ?? "";
  const clientSecret = asString(file["client_secret"]) ?? "";
  const refreshToken = asString(file["refresh_token"]) ?? "";
  if (clientId === "" || clientSecret === "" || refreshToken === "") {
    return bad("It lacks `client_id`, `client_secret` or `refresh_token`.");
  }
  const account = {
    type: "authorized_user",
    clientId,
    clientSecret: new Secret(clientSecret),
    refreshToken: new Secret(refreshToken),
  } as const;
  return good(account, file);
}

/** Of the places where a workload may have its token, files alone: nothing is run or fetched for one. */
function workload(file: JsonObject): GoogleAccount {
  const source = asObject(file["credential_source"]) ?? {};
  const path = asString(source["file"]) ?? "";
  const audience = asString(file["audience"]) ?? "";
  const tokenType = asString(file["subject_token_type"]) ?? "";
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(path)) {
    return bad(
      "Its `credential_source` names no `file` by its whole path; other sources are not used.",
    );
  }
  if (audience === "" || tokenType === "")
    return bad("It lacks `audience` or `subject_token_type`.");
  const format = asObject(source["format"]);
  const subject = {
    file: path,
    field:
      asString(format?.["type"]) === "json"
        ? asString(format?.["subject_token_field_name"])
        : undefined,
    tokenType,
    audience,
    impersonationUrl: asString(file["service_account_impersonation_url"]),
  };
  const account = { type: "external_account", subject } as const;
  const tokenUrl = asString(file["token_url"]) ?? "https://sts.googleapis.com/v1/token";
  return { ...good(account, file), tokenUrl };
}

function good(account: GoogleLogin["account"], file: JsonObject): GoogleAccount {
  const project = asString(file["project_id"]) ?? asString(file["quota_project_id"]);
  return {
    account,
    tokenUrl: asString(file["token_uri"]),
    project: project !== undefined && PROJECT.test(project) ? project : undefined,
    problem: "",
  };
}

function bad(problem: string): GoogleAccount {
  return { account: undefined, tokenUrl: undefined, project: undefined, problem };
}

function parsed(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
