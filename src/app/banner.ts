// What a person sees when the gateway has started: where it is, with which key, and a line to try.

import { DEMO_KEY } from "#gateway/stages/identify.ts";

/** What the banner tells. */
export interface BannerFacts {
  readonly baseUrl: string;
  readonly adminUrl: string | undefined;
  readonly isDemo: boolean;
  /** A key that was made at this start; shown once. */
  readonly newKey: string | undefined;
  /** The admin key, when it was made at this start; shown once. */
  readonly newAdminKey: string | undefined;
  /** A model that the line to try asks for; empty when none is configured. */
  readonly model: string;
}

/** The lines to print. The first holds `listening on`. */
export function banner(facts: BannerFacts): string {
  const { baseUrl, adminUrl, newKey, newAdminKey } = facts;
  const key = facts.isDemo ? DEMO_KEY : newKey;
  const lines = [`sluice listening on ${baseUrl}`];
  if (adminUrl !== undefined) lines.push(`admin API and metrics on ${adminUrl}`);
  lines.push("", `  base URL   ${baseUrl}/v1  (Anthropic and Google SDKs: ${baseUrl})`);
  if (facts.isDemo) {
    lines.push(
      `  key        ${DEMO_KEY}  (demo mode: no sluice.yaml; works from this machine only)`,
    );
  }
  if (newKey !== undefined) lines.push(`  key        ${newKey}  (shown once; tenant default)`);
  if (key === undefined)
    lines.push("  key        one that you have; `bin/sluice keys create` makes more");
  if (newAdminKey !== undefined) lines.push(`  admin key  ${newAdminKey}  (shown once)`);
  lines.push("", ...curlLine(baseUrl, key, facts.model), "");
  return `${lines.join("\n")}\n`;
}

function curlLine(baseUrl: string, key: string | undefined, model: string): string[] {
  if (model === "") return [];
  const body = { model, stream: true, messages: [{ role: "user", content: "Hello, Sluice!" }] };
  const bearer = key ?? "$SLUICE_KEY";
  return [
    "Try it:",
    "",
    `  curl -N ${baseUrl}/v1/chat/completions -H "authorization: Bearer ${bearer}" ` +
      `-H "content-type: application/json" -d '${JSON.stringify(body)}'`,
  ];
}
