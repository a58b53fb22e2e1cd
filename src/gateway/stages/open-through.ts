// Opens a call of `/passthrough`: only what the document lists for the provider, and only to callers whose
// plan lists it too.

import { GatewayError } from "#core/errors.ts";
import { ruleFor } from "#core/passthrough-rule.ts";
import { isFree } from "#core/pricing.ts";
import { throughFacts } from "#dialects/passthrough/index.ts";
import type { ProviderEntry, Snapshot } from "#snapshot/snapshot.ts";
import type { Exchange } from "../exchange.ts";
import type { Through } from "../routes.ts";
import { ThroughBody } from "../through-body.ts";
import { checkEncoding } from "./read.ts";
import { refuseWishHeaders } from "./wishes.ts";

/** A content type that has one reading; parameters as clients write them. */
const CONTENT_TYPE =
  /^[\w.+-]+\/[\w.+*-]+(?:\s*;\s*[\w.+-]+=(?:[\w.+'()/:=?-]+|"[\w.+'()/:=? -]*"))*$/;

/**
 * Checks what is asked.
 * @throws GatewayError `unknown_route` for what is not listed, `model_not_allowed` for what the plan does
 *   not list, `unpriced_model`, `unsupported_encoding`
 */
export function openThrough(exchange: Exchange, through: Through): ThroughBody {
  const { snapshot, call } = exchange;
  const { headers } = call.request;
  checkEncoding(headers);
  refuseWishHeaders(headers);
  const provider = snapshot.providers.get(through.provider);
  const rule = provider && ruleFor(provider.passthrough, through.method, through.path);
  if (provider === undefined || rule === undefined) {
    throw new GatewayError(
      "unknown_route",
      "The configuration opens no such path here. It has to stand under `passthrough` of the provider.",
    );
  }
  const name = `${provider.name} ${rule.text}`;
  refuseUnlisted(exchange, name, provider);
  const rates = snapshot.rates(provider.name, rule.text, exchange.startedAt);
  if (rates === undefined || !isFree(rates)) refuseUnpriced(snapshot, name);
  const contentType = headers.get("content-type") ?? "application/octet-stream";
  if (!CONTENT_TYPE.test(contentType)) {
    throw new GatewayError("unsupported_encoding", "The content type cannot be read.");
  }
  return new ThroughBody(throughFacts(name), {
    body: call.request.body,
    declaredBytes: Number(headers.get("content-length") ?? Number.NaN),
    contentType,
    onGone: () => exchange.stop("client_gone"),
  });
}

function refuseUnlisted(exchange: Exchange, name: string, provider: ProviderEntry): void {
  const listed = exchange.snapshot.plans.get(exchange.caller?.plan ?? "")?.passthrough;
  if (listed?.has(provider.name) === true || listed?.has(name) === true) return;
  throw new GatewayError(
    "model_not_allowed",
    "The plan of this key does not list the path under `passthrough`.",
  );
}

/** What a call like this costs is not known, unless all of the provider costs nothing. */
function refuseUnpriced(snapshot: Snapshot, name: string): void {
  if (snapshot.unpricedModels !== "deny") return;
  throw new GatewayError(
    "unpriced_model",
    `What ${name} costs is not known, and unpriced_models is deny.`,
  );
}
