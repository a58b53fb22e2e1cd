// `sluice keys`: keys of callers, made and ended in a running gateway.

import { Command } from "commander";
import { asArray, type JsonObject } from "#core/json.ts";
import { callAdmin, type GatewayOptions } from "../admin-client.ts";
import { type CommandContext, type GlobalOptions, printResult } from "../context.ts";
import { gatewayCommand, pageOptions } from "../gateway-command.ts";
import { printPage, queryText } from "../page-output.ts";
import { parseSeconds, timeText } from "../quantities.ts";
import { plainText } from "../terminal-text.ts";

type Options = GlobalOptions & GatewayOptions;

interface CreateOptions extends Options {
  readonly name: string;
  readonly tenant: string;
  readonly project?: string;
  readonly plan?: string;
  readonly model?: string[];
  readonly tag?: string[];
  readonly expiresAt?: string;
}

interface ListOptions extends Options {
  readonly tenant?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

const COLUMNS = ["id", "name", "tenant", "project", "plan", "status", "created_at", "expires_at"];

/** Builds the command. */
export function keysCommand(context: CommandContext): Command {
  return new Command("keys")
    .summary("make, list, rotate and revoke keys of callers")
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addCommand(rotateCommand(context))
    .addCommand(revokeCommand(context));
}

function createCommand(context: CommandContext): Command {
  return gatewayCommand("create")
    .summary("make a key; it is shown once")
    .requiredOption("--name <name>", "name of the key, unique among the keys in force")
    .requiredOption("--tenant <tenant>", "tenant that the key belongs to")
    .option("--project <project>", "project of the tenant")
    .option("--plan <plan>", "plan (default: the tenant's)")
    .option("--model <name...>", "only these models (default: all that the plan allows)")
    .option("--tag <tag...>", "tags that the key proves")
    .option("--expires-at <time>", "2027-01-31, or a time like 2027-01-31T12:00:00Z")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      const { expiresAt } = options;
      const body: JsonObject = {
        name: options.name,
        tenant: options.tenant,
        project: options.project,
        plan: options.plan,
        models: options.model,
        tags: options.tag,
        expires_at:
          expiresAt === undefined
            ? undefined
            : timeText("--expires-at", expiresAt, context.environment.startedAtMs),
      };
      const made = await callAdmin(context, options, { method: "POST", path: "/keys", body });
      printKey(context, options, made);
    });
}

function listCommand(context: CommandContext): Command {
  const command = gatewayCommand("list")
    .summary("list keys, oldest first")
    .option("--tenant <tenant>", "only this tenant's");
  for (const option of pageOptions()) command.addOption(option);
  return command.action(async (_: unknown, self: Command) => {
    const options = self.optsWithGlobals<ListOptions>();
    const { tenant, limit, cursor } = options;
    const path = `/keys${queryText({ tenant, limit, cursor })}`;
    printPage(
      context,
      options,
      await callAdmin(context, options, { method: "GET", path }),
      COLUMNS,
    );
  });
}

function rotateCommand(context: CommandContext): Command {
  return gatewayCommand("rotate")
    .summary("give a key a new text; it is shown once")
    .argument("<id>", "id of the key, as `keys list` shows it")
    .requiredOption(
      "--grace <duration>",
      "how long the old text stays good; 0s ends it at once",
      parseSeconds,
    )
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options & { readonly grace: number }>();
      const path = `/keys/${encodeURIComponent(id)}/rotate`;
      const body = { grace_seconds: options.grace };
      printKey(context, options, await callAdmin(context, options, { method: "POST", path, body }));
    });
}

function revokeCommand(context: CommandContext): Command {
  return gatewayCommand("revoke")
    .summary("end a key for good, open streams included")
    .argument("<id>", "id of the key, as `keys list` shows it")
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const path = `/keys/${encodeURIComponent(id)}`;
      await callAdmin(context, options, { method: "DELETE", path });
      printResult(context, options, {
        json: { id, revoked: true },
        text: () => `revoked ${plainText(id)}\n`,
      });
    });
}

/** The key alone on standard output, so that it can be piped; what it is on standard error. */
function printKey(context: CommandContext, options: Options, made: JsonObject): void {
  if (!options.json) {
    const until = made["old_valid_until"];
    const old = until ? `; the old one is good until ${plainText(until)}` : "";
    context.err(`key ${plainText(made["id"])}, shown once${old}\n`);
    for (const warning of asArray(made["warnings"])) {
      context.err(`warning: ${plainText(warning)}\n`);
    }
  }
  printResult(context, options, { json: made, text: () => `${plainText(made["key"])}\n` });
}
