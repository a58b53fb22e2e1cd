// What a new document changes only at the next start.

import type { DocumentPath, IssueList } from "../document/issue.ts";
import type { ListenAddress, ServerSettings, Snapshot } from "../snapshot.ts";

/** Settings that a running process has read once. */
export interface StartSettings extends Pick<Snapshot, "storagePath"> {
  readonly server: Pick<ServerSettings, "listen" | "adminListen">;
}

/** Warns of settings that differ from those of the start. */
export function warnAboutRestart(
  next: StartSettings,
  started: StartSettings,
  warnings: IssueList,
): void {
  const settings: readonly (readonly [DocumentPath, string, string])[] = [
    [["server", "listen"], addressText(next.server.listen), addressText(started.server.listen)],
    [
      ["server", "admin_listen"],
      addressText(next.server.adminListen),
      addressText(started.server.adminListen),
    ],
    [["storage"], next.storagePath, started.storagePath],
  ];
  for (const [path, wanted, running] of settings) {
    if (wanted === running) continue;
    warnings.atValue(path, {
      code: "restart_needed",
      message: `\`${path.join(".")}\` differs from what the gateway was started with; it changes at the next start.`,
    });
  }
}

function addressText(address: ListenAddress | undefined): string {
  return address === undefined ? "" : `${address.host} ${address.port}`;
}
