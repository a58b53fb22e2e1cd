// How a credential proves itself where it is more than a key that is sent as it is: by a signature, or by
// something short-lived that it is exchanged for.

import type { Secret } from "./secret.ts";

/** A token that somebody else keeps fresh, sent as `Authorization: Bearer`. */
export interface BearerLogin {
  readonly by: "bearer";
  readonly token: Secret;
}

/** Keys of an AWS account; requests are signed with them. */
export interface AwsKeySource {
  readonly accessKeyId: Secret;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | undefined;
}

/** A role to take on, with what to take it on by: the keys beside it, or a token out of a file. */
export interface AwsRole {
  readonly arn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  /** Read anew for each session: whoever wrote it rotates it. */
  readonly webIdentityTokenFile: string | undefined;
}

/** A server that hands out session keys, as containers have it. */
export interface AwsKeyServer {
  readonly url: string;
  readonly token: Secret | undefined;
}

/** Amazon's signature, version 4. */
export interface AwsLogin {
  readonly by: "aws";
  readonly region: string;
  /** Name of the service in the signature. */
  readonly service: string;
  readonly keys: AwsKeySource | undefined;
  readonly role: AwsRole | undefined;
  readonly keyServer: AwsKeyServer | undefined;
  /** The Security Token Service. */
  readonly stsUrl: string;
}

/** A token of another identity provider out of a file, as an orchestrator writes it. */
export interface GoogleSubject {
  readonly file: string;
  /** The member of a JSON file that holds it; undefined = the file is the token. */
  readonly field: string | undefined;
  /** What sort of token it is, as a URN. */
  readonly tokenType: string;
  /** Of the pool and provider that trust it. */
  readonly audience: string;
  /** The service account to act as; undefined = the pool's own identity. */
  readonly impersonationUrl: string | undefined;
}

/** A Google service account, a workload of another identity provider, or a user's login by `gcloud`. */
export interface GoogleLogin {
  readonly by: "google";
  readonly scope: string;
  readonly tokenUrl: string;
  readonly account:
    | {
        readonly type: "service_account";
        readonly email: string;
        readonly keyId: string;
        /** PEM, PKCS #8. */
        readonly privateKey: Secret;
      }
    | {
        readonly type: "authorized_user";
        readonly clientId: string;
        readonly clientSecret: Secret;
        readonly refreshToken: Secret;
      }
    | { readonly type: "external_account"; readonly subject: GoogleSubject };
}

/** An application registered with Microsoft Entra ID. */
export interface EntraLogin {
  readonly by: "entra";
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scope: string;
  readonly clientSecret: Secret | undefined;
  /** Workload identity: a token out of a file stands for the secret. Read anew for each token. */
  readonly federatedTokenFile: string | undefined;
}

/** Everything but a key that is sent as it is. */
export type Login = BearerLogin | AwsLogin | GoogleLogin | EntraLogin;

/** Every text of a login that must not be repeated anywhere. */
export function secretsOfLogin(login: Login): readonly string[] {
  return secretFields(login).map((secret) => secret.reveal());
}

function secretFields(login: Login): readonly Secret[] {
  switch (login.by) {
    case "bearer":
      return [login.token];
    case "aws":
      return present([
        login.keys?.accessKeyId,
        login.keys?.secretAccessKey,
        login.keys?.sessionToken,
        login.keyServer?.token,
      ]);
    case "google":
      return googleSecrets(login.account);
    case "entra":
      return present([login.clientSecret]);
  }
}

function googleSecrets(account: GoogleLogin["account"]): readonly Secret[] {
  switch (account.type) {
    case "service_account":
      return [account.privateKey];
    case "authorized_user":
      return [account.clientSecret, account.refreshToken];
    case "external_account":
      return [];
  }
}

function present(secrets: readonly (Secret | undefined)[]): readonly Secret[] {
  return secrets.filter((secret) => secret !== undefined);
}

/** Addresses that a login itself asks, beside the provider's own. */
export function addressesOfLogin(login: Login): readonly string[] {
  switch (login.by) {
    case "bearer":
      return [];
    case "aws":
      return login.keyServer === undefined ? [login.stsUrl] : [login.stsUrl, login.keyServer.url];
    default:
      return [login.tokenUrl];
  }
}
