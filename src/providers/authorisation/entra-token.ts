// Access tokens of Microsoft Entra ID by client credentials: a secret, or a token of the orchestrator that
// stands for it (learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, 2026-11).

import type { EntraLogin } from "#core/login.ts";
import { accessToken, form, type ShortLived, type TokenIo, tokenFile } from "./token-exchange.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** @throws LoginRefused or TransportError */
export async function entraToken(login: EntraLogin, io: TokenIo): Promise<ShortLived<string>> {
  const { federatedTokenFile, clientSecret } = login;
  const proof =
    federatedTokenFile === undefined
      ? { client_secret: clientSecret?.reveal() }
      : {
          client_assertion_type: ASSERTION_TYPE,
          client_assertion: await tokenFile(federatedTokenFile, io),
        };
  const request = form(login.tokenUrl, {
    grant_type: "client_credentials",
    client_id: login.clientId,
    scope: login.scope,
    ...proof,
  });
  return accessToken(request, io);
}
