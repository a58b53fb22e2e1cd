// `sluice usage`: what was used and what it cost.

import type { Command } from "commander";
import { USAGE_GROUPS } from "#core/ports/record-store.ts";
import { callAdmin, type GatewayOptions } from "../admin-client.ts";
import type { CommandContext, GlobalOptions } from "../context.ts";
import { gatewayCommand, pageOptions } from "../gateway-command.ts";
import { printPage, queryText } from "../page-output.ts";
import { TIME_FORMS, timeText } from "../quantities.ts";

interface Options extends GlobalOptions, GatewayOptions {
  readonly from?: string;
  readonly to?: string;
  readonly groupBy?: string;
  readonly timeZone?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

const SUMS = [
  "requests",
  "errors",
  "input_tokens",
  "cache_read_tokens",
  "cache_write_5m_tokens",
  "cache_write_1h_tokens",
  "output_tokens",
  "cost_usd",
  // Without it, what has no price would look free.
  "unpriced_requests",
];

/** Builds the command. */
export function usageCommand(context: CommandContext): Command {
  const command = gatewayCommand("usage")
    .summary("report requests, tokens and cost")
    .option("--from <time>", `start: ${TIME_FORMS}, days in UTC (default: 24h)`)
    .option("--to <time>", "end, exclusive, written the same way (default: now)")
    .option("--group-by <names>", `comma list out of ${USAGE_GROUPS.join(", ")}`)
    .option("--time-zone <name>", "IANA name that hours and days are cut in (default: UTC)");
  for (const option of pageOptions()) command.addOption(option);
  return command.action(async (_: unknown, self: Command) => {
    const options = self.optsWithGlobals<Options>();
    const page = await callAdmin(context, options, {
      method: "GET",
      path: `/usage${query(options, context.environment.startedAtMs)}`,
    });
    const groups = options.groupBy?.split(",").map((name) => name.trim()) ?? [];
    printPage(context, options, page, [...groups, ...SUMS]);
  });
}

function query(options: Options, nowMs: number): string {
  const { from, to, limit, cursor } = options;
  return queryText({
    from: from === undefined ? undefined : timeText("--from", from, nowMs),
    to: to === undefined ? undefined : timeText("--to", to, nowMs),
    group_by: options.groupBy,
    time_zone: options.timeZone,
    limit,
    cursor,
  });
}
