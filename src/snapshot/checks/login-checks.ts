// What stands in `aws`, `google` and `entra`: enough to log in by, and not two ways at once.

import { networkClassOfHost } from "#core/network-address.ts";
import type { Secret } from "#core/secret.ts";
import type { DocumentPath } from "../document/issue.ts";
import { accountOf } from "../google-account.ts";
import type { WrittenLogin } from "../provider-logins.ts";
import { checkAddress } from "./base-url-check.ts";
import type { CheckContext } from "./check-context.ts";

/** Names of the logins. */
export const LOGIN_NAMES = ["aws", "google", "entra"] as const;

/** Checks the login that the path ends in. */
export function checkLogin(path: DocumentPath, written: WrittenLogin, context: CheckContext): void {
  const check = new LoginCheck(path, context);
  switch (path.at(-1)) {
    case "aws":
      if (written.aws !== undefined) checkAws(written.aws, check);
      return;
    case "google":
      if (written.google !== undefined) checkGoogle(written.google, check);
      return;
    default:
      if (written.entra !== undefined) checkEntra(written.entra, check);
  }
}

/** Findings about one login. */
class LoginCheck {
  readonly #path: DocumentPath;
  readonly #context: CheckContext;

  constructor(path: DocumentPath, context: CheckContext) {
    this.#path = path;
    this.#context = context;
  }

  missing(message: string): void {
    this.#context.errors.atKey(this.#path, { code: "missing_key", message });
  }

  conflict(key: string, message: string): void {
    this.#context.errors.atKey([...this.#path, key], { code: "conflict", message });
  }

  bad(key: string, message: string): void {
    this.#context.errors.atValue([...this.#path, key], { code: "invalid_value", message });
  }

  address(key: string, text: string | undefined): void {
    if (text !== undefined) checkAddress([...this.#path, key], text, this.#context);
  }

  /** The address of a service that is sent secrets. */
  secretAddress(key: string, text: string | undefined): void {
    this.address(key, text);
    if (text !== undefined && isOpenWay(text)) {
      const message = `\`${key}\` gets secrets, so that it must begin with \`https://\` outside of your own network.`;
      this.bad(key, message);
    }
  }

  /** What goes into a header or a form must be one word. */
  word(key: string, secret: Secret | undefined): void {
    if (secret === undefined || /^[\x21-\x7e]+$/.test(secret.reveal())) return;
    this.#context.errors.atValue([...this.#path, key], {
      code: "weak_secret",
      message: "It is empty or holds spaces, line ends or signs that do not belong there.",
    });
  }
}

/** Secrets over plain HTTP to a name, or to an address that is not inside. */
function isOpenWay(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "http:" && networkClassOfHost(hostname) === "public";
}

function checkAws(aws: NonNullable<WrittenLogin["aws"]>, check: LoginCheck): void {
  const hasId = aws.access_key_id !== undefined;
  const hasKeys = hasId && aws.secret_access_key !== undefined;
  if (hasId !== (aws.secret_access_key !== undefined)) {
    check.missing("`access_key_id` and `secret_access_key` belong together.");
  } else if (!hasKeys && aws.role_arn === undefined && aws.credentials_url === undefined) {
    check.missing(
      "AWS needs `access_key_id` with `secret_access_key`, `role_arn` with `web_identity_token_file`, or `credentials_url`.",
    );
  }
  checkAwsSources(aws, hasKeys, check);
  check.word("access_key_id", aws.access_key_id);
  check.word("secret_access_key", aws.secret_access_key);
  check.word("session_token", aws.session_token);
  check.word("credentials_token", aws.credentials_token);
  check.address("credentials_url", aws.credentials_url);
  check.secretAddress("sts_url", aws.sts_url);
}

/** What belongs to what, and what would be ignored. */
function checkAwsSources(
  aws: NonNullable<WrittenLogin["aws"]>,
  hasKeys: boolean,
  check: LoginCheck,
): void {
  const hasFile = aws.web_identity_token_file !== undefined;
  if (aws.session_token !== undefined && !hasKeys) {
    check.conflict("session_token", "`session_token` belongs to an access key.");
  }
  if (hasFile && hasKeys) {
    check.conflict(
      "web_identity_token_file",
      "A role is taken on by keys or by a web identity, not by both.",
    );
  }
  if (hasFile && aws.role_arn === undefined) {
    check.missing("`web_identity_token_file` needs the role that it is for: `role_arn`.");
  }
  if (aws.role_arn !== undefined && !hasKeys && !hasFile) {
    check.missing("`role_arn` needs keys or `web_identity_token_file` to be taken on by.");
  }
  if (aws.credentials_url !== undefined && (hasKeys || aws.role_arn !== undefined)) {
    check.conflict("credentials_url", "`credentials_url` stands in place of keys and of a role.");
  }
  if (aws.credentials_token !== undefined && aws.credentials_url === undefined) {
    check.conflict("credentials_token", "`credentials_token` belongs to `credentials_url`.");
  }
  if (aws.external_id !== undefined && (aws.role_arn === undefined || hasFile)) {
    check.conflict("external_id", "`external_id` belongs to a role that is taken on by keys.");
  }
}

function checkGoogle(google: NonNullable<WrittenLogin["google"]>, check: LoginCheck): void {
  const { service_account: account, access_token: token } = google;
  if (account === undefined && token === undefined) {
    check.missing("Google needs `service_account` or `access_token`.");
  }
  if (account !== undefined && token !== undefined) {
    check.conflict("access_token", "`service_account` and `access_token` exclude each other.");
  }
  if (token !== undefined && google.token_url !== undefined) {
    check.conflict("token_url", "An `access_token` is sent as it is: nothing asks for another.");
  }
  check.word("access_token", token);
  check.secretAddress("token_url", google.token_url);
  if (account === undefined) return;
  const { problem, tokenUrl, account: read } = accountOf(account.reveal());
  if (problem !== "") {
    check.bad("service_account", `\`service_account\` is no account's JSON. ${problem}`);
  }
  if (google.token_url === undefined) check.secretAddress("service_account", tokenUrl);
  if (read?.type === "external_account") {
    check.secretAddress("service_account", read.subject.impersonationUrl);
  }
}

function checkEntra(entra: NonNullable<WrittenLogin["entra"]>, check: LoginCheck): void {
  const { client_secret: secret, federated_token_file: file, access_token: token } = entra;
  const proofs = [secret, file, token].filter((proof) => proof !== undefined).length;
  if (proofs !== 1) {
    check.missing(
      "Entra ID needs exactly one of `client_secret`, `federated_token_file` and `access_token`.",
    );
  }
  if (token === undefined && (entra.tenant_id === undefined || entra.client_id === undefined)) {
    check.missing("Entra ID needs `tenant_id` and `client_id`.");
  }
  if (token !== undefined && entra.client_id !== undefined) {
    check.conflict("client_id", "An `access_token` is sent as it is: nothing asks for another.");
  }
  check.word("client_secret", secret);
  check.word("access_token", token);
  check.secretAddress("authority", entra.authority);
}
