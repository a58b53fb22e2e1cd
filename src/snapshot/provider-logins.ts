// Logins as they are written, made into what authorises calls.

import { awsDomain } from "#core/aws-domain.ts";
import type { AwsKeySource, AwsLogin, Login } from "#core/login.ts";
import type { Secret } from "#core/secret.ts";
import type { WrittenProvider } from "./document/document.ts";
import { accountOf } from "./google-account.ts";
import type { ProviderKindFacts } from "./provider-kind-facts.ts";

/** The login keys of a provider, or of one of its credentials. */
export type WrittenLogin = Pick<WrittenProvider, "aws" | "google" | "entra">;

const GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token";

/**
 * @param written has passed its checks
 * @param settings of the provider: the region is the signature's, too
 * @returns undefined when there is none
 */
export function loginOf(
  written: WrittenLogin,
  kind: ProviderKindFacts | undefined,
  settings: Readonly<Record<string, string>>,
): Login | undefined {
  const { aws, google, entra } = written;
  const facts = kind?.logins ?? {};
  if (aws !== undefined && facts.aws !== undefined) {
    return awsLogin(aws, settings["region"] ?? "", facts.aws.service);
  }
  if (google !== undefined && facts.google !== undefined) {
    return googleLogin(google, facts.google.scope);
  }
  if (entra !== undefined && facts.entra !== undefined) {
    return entraLogin(entra, facts.entra.scope);
  }
  return undefined;
}

function awsLogin(
  written: NonNullable<WrittenLogin["aws"]>,
  region: string,
  service: string,
): AwsLogin {
  const { role_arn: arn, credentials_url: url } = written;
  return {
    by: "aws",
    region,
    service,
    keys: awsKeys(written),
    role:
      arn === undefined
        ? undefined
        : {
            arn,
            sessionName: written.role_session_name,
            externalId: written.external_id,
            webIdentityTokenFile: written.web_identity_token_file,
          },
    keyServer: url === undefined ? undefined : { url, token: written.credentials_token },
    // Signed as it will be sent: normalised.
    stsUrl: new URL(written.sts_url ?? `https://sts.${region}.${awsDomain(region)}/`).href,
  };
}

function awsKeys(written: NonNullable<WrittenLogin["aws"]>): AwsKeySource | undefined {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = written;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: written.session_token };
}

function googleLogin(written: NonNullable<WrittenLogin["google"]>, scope: string): Login {
  if (written.access_token !== undefined) return bearer(written.access_token);
  const { account, tokenUrl } = accountOf(written.service_account?.reveal() ?? "");
  if (account === undefined) throw new Error("A checked service account cannot be read.");
  return {
    by: "google",
    scope,
    tokenUrl: written.token_url ?? tokenUrl ?? GOOGLE_TOKEN_URL,
    account,
  };
}

function entraLogin(written: NonNullable<WrittenLogin["entra"]>, scope: string): Login {
  if (written.access_token !== undefined) return bearer(written.access_token);
  const authority = written.authority.replace(/\/+$/, "");
  return {
    by: "entra",
    tokenUrl: `${authority}/${written.tenant_id ?? ""}/oauth2/v2.0/token`,
    clientId: written.client_id ?? "",
    scope: written.scope ?? scope,
    clientSecret: written.client_secret,
    federatedTokenFile: written.federated_token_file,
  };
}

function bearer(token: Secret): Login {
  return { by: "bearer", token };
}
