// How a provider's credential proves itself where it is more than a key: `aws`, `google`, `entra`.

import { z } from "zod";
import { key } from "./key-facts.ts";
import { secretText } from "./quantities.ts";

const MAX_SECRET = 16_384;
/** A service account's JSON with its private key. */
const MAX_ACCOUNT = 65_536;

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const TOKEN_FILE = z
  .string()
  .max(4096)
  .regex(/^(?:\/|[A-Za-z]:[\\/])/, "is not a whole path.");
const SERVICE_URL = z.string().max(2048);

function secret(description: string, example: string, maxLength = MAX_SECRET) {
  return key(secretText(maxLength).optional(), { description, example, secret: true });
}

/** Signature Version 4. */
export const awsLogin = z.strictObject({
  access_key_id: secret("Id of the access key.", `\${env:AWS_ACCESS_KEY_ID}`),
  secret_access_key: secret("The secret that belongs to it.", `\${env:AWS_SECRET_ACCESS_KEY}`),
  session_token: secret("Of temporary keys alone.", `\${env:AWS_SESSION_TOKEN}`),
  role_arn: key(z.string().regex(ROLE_ARN, "is not the ARN of a role.").optional(), {
    description: "Role to take on, by the keys beside it or by `web_identity_token_file`.",
    example: `\${env:AWS_ROLE_ARN}`,
  }),
  role_session_name: key(
    z
      .string()
      .regex(/^[\w+=,.@-]{2,64}$/, "is not the name of a session.")
      .prefault("sluice"),
    { description: "What the session is called in Amazon's logs.", example: "sluice" },
  ),
  external_id: key(
    z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, "is not an external id.")
      .optional(),
    { description: "What the owner of the role wants to be told.", example: "house-7" },
  ),
  web_identity_token_file: key(TOKEN_FILE.optional(), {
    description: "File with the token that the role is taken on by; read anew for each session.",
    example: `\${env:AWS_WEB_IDENTITY_TOKEN_FILE}`,
  }),
  credentials_url: key(SERVICE_URL.optional(), {
    description:
      "Server that hands out session keys, in the form that containers have it. Link-local addresses (169.254.…) are refused.",
    example: "http://127.0.0.1:1338/credentials",
  }),
  credentials_token: secret("Sent to it as `authorization`.", `\${file:/run/aws-token}`),
  sts_url: key(SERVICE_URL.optional(), {
    description: "Address of the Security Token Service.",
    fallback: "the region's own",
    example: "https://sts.eu-central-1.amazonaws.com/",
  }),
});

/** OAuth 2.0 of Google. */
export const googleLogin = z.strictObject({
  service_account: secret(
    "JSON of a service account's key, of a workload identity pool, or of a user's login as `gcloud` stores it.",
    `\${file:/run/secrets/account.json}`,
    MAX_ACCOUNT,
  ),
  access_token: secret("A token that somebody else keeps fresh.", `\${env:GOOGLE_ACCESS_TOKEN}`),
  token_url: key(SERVICE_URL.optional(), {
    description: "Address of the token service.",
    fallback: "the one that the account's JSON names",
    example: "https://oauth2.googleapis.com/token",
  }),
});

/** OAuth 2.0 of Microsoft Entra ID. */
export const entraLogin = z.strictObject({
  tenant_id: key(
    z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,128}$/, "is not the id or domain of a tenant.")
      .optional(),
    { description: "Id or domain of the directory.", example: `\${env:AZURE_TENANT_ID}` },
  ),
  client_id: key(
    z
      .string()
      .regex(/^[A-Za-z0-9-]{1,128}$/, "is not the id of an application.")
      .optional(),
    { description: "Id of the application.", example: `\${env:AZURE_CLIENT_ID}` },
  ),
  client_secret: secret("Its secret.", `\${env:AZURE_CLIENT_SECRET}`),
  federated_token_file: key(TOKEN_FILE.optional(), {
    description:
      "Workload identity: file with the token that stands for the secret; read anew for each token.",
    example: `\${env:AZURE_FEDERATED_TOKEN_FILE}`,
  }),
  access_token: secret("A token that somebody else keeps fresh.", `\${env:AZURE_ACCESS_TOKEN}`),
  authority: key(SERVICE_URL.prefault("https://login.microsoftonline.com"), {
    description: "Address of the directory service; national clouds have their own.",
    example: "https://login.microsoftonline.us",
  }),
  scope: key(
    z
      .string()
      .regex(/^\S{1,512}$/, "is not a scope.")
      .optional(),
    {
      description: "What the token is for.",
      fallback: "the one that the kind needs",
      example: "https://cognitiveservices.azure.com/.default",
    },
  ),
});

/** The ways to log in, for a provider and for one of several credentials. */
export const LOGIN_KEYS = {
  aws: key(awsLogin.optional(), {
    description: "AWS keys, a role, or a server for session keys: requests are signed.",
    fallback: "none",
  }),
  google: key(googleLogin.optional(), {
    description: "A Google service account or access token.",
    fallback: "none",
  }),
  entra: key(entraLogin.optional(), {
    description: "An application of Microsoft Entra ID, or its access token.",
    fallback: "none",
  }),
};
