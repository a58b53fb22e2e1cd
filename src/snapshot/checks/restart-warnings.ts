// What a new document changes only at the next start.

import type { DocumentPath, IssueList } from "../document/issue.ts";
import type { ListenAddress, Snapshot } from "../snapshot.ts";

/** Warns of settings that a running process has read once. */
export function warnAboutRestart(next: Snapshot, started: Snapshot, warnings: IssueList): void {
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
