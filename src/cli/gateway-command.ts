// Options that commands share which need a running gateway.

import { Command, Option } from "commander";
import { parseCount } from "./quantities.ts";

/** A command with `--url`. */
export function gatewayCommand(name: string): Command {
  return new Command(name).option(
    "--url <url>",
    "address of the gateway's admin API (default: $SLUICE_URL, else http://127.0.0.1:8080)",
  );
}

/** `--limit` and `--cursor` of lists. */
export function pageOptions(): readonly Option[] {
  return [
    new Option("--limit <rows>", "rows a page, at most 1000 (default: 100)").argParser(parseCount),
    new Option("--cursor <cursor>", "where the page before ended"),
  ];
}
