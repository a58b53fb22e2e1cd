// The launcher's twin for systems without a POSIX shell: the same steps as `bin/sluice`. Node cannot
// replace itself by another program, so here a parent stays and passes signals and the exit code on.

import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MAX_HTTP_REQUESTS = "65336";
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

function fail(message) {
  console.error(`sluice: ${message}`);
  process.exit(1);
}

function isOutdated() {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(lock)) return false;
  return !existsSync(installed) || statSync(lock).mtimeMs > statSync(installed).mtimeMs;
}

const turn = join(root, ".install-turn");

/** npm removes what is there before it installs: launchers that come together take turns. */
function takeTurn() {
  for (let hasTold = false; ; ) {
    try {
      mkdirSync(turn);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") fail(`dependencies are not installed: ${error.message}`);
    }
    if (isHolderGone()) {
      rmSync(turn, { recursive: true, force: true });
      continue;
    }
    if (!hasTold) console.error(`sluice: waiting for another installation (its mark is ${turn})`);
    hasTold = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  }
  process.on("exit", () => rmSync(turn, { recursive: true, force: true }));
  writeFileSync(join(turn, "pid"), `${process.pid}\n`);
}

function isHolderGone() {
  try {
    process.kill(Number(readFileSync(join(turn, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function installWhenStale() {
  if (!isOutdated()) return;
  takeTurn();
  if (isOutdated()) install();
  rmSync(turn, { recursive: true, force: true });
  process.removeAllListeners("exit");
}

function install() {
  console.error("sluice: installing dependencies (npm ci)");
  const done = spawnSync("npm ci --include=dev --include=optional --loglevel=error", {
    cwd: root,
    shell: true,
    stdio: ["ignore", 2, 2],
  });
  if (done.status !== 0) fail("npm ci failed");
}

/** The runtime's file, looked for upwards from here as Node does it. */
function findBun() {
  const machine = process.arch === "arm64" ? "aarch64" : process.arch;
  const system = process.platform === "win32" ? "windows" : process.platform;
  const file = process.platform === "win32" ? "bun.exe" : "bun";
  const isMusl =
    process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  const endings = isMusl ? ["-musl", ""] : ["", "-musl"];
  for (const ending of endings) {
    for (let folder = root; ; folder = dirname(folder)) {
      const found = join(
        folder,
        "node_modules",
        "@oven",
        `bun-${system}-${machine}${ending}`,
        "bin",
        file,
      );
      if (existsSync(found)) return found;
      if (dirname(folder) === folder) break;
    }
  }
  return fail(`no Bun for ${system} ${machine}; install again: npm ci --include=optional`);
}

installWhenStale();
const given = process.argv.slice(2);
const [entry, rest] =
  given[0] === "--run"
    ? [given[1] ?? fail("--run needs a file"), given.slice(2)]
    : ["src/cli/main.ts", given];
const flags = ["--no-install", "--no-env-file", `--config=${join(root, "bin", "bunfig.toml")}`];
const child = spawn(findBun(), [...flags, join(root, entry), ...rest], {
  stdio: "inherit",
  env: { BUN_CONFIG_MAX_HTTP_REQUESTS: MAX_HTTP_REQUESTS, ...process.env },
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => fail(`Bun does not start: ${error.message}`));
child.on("exit", (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
