// Says what the launcher made of it, then waits for SIGTERM.

const { env, pid, argv } = process;
const seen = {
  pid,
  words: argv.slice(2),
  connections: env["BUN_CONFIG_MAX_HTTP_REQUESTS"],
  fromDotEnv: env["PLANTED"],
};
process.on("SIGTERM", () => process.exit(7));
process.stdout.write(`${JSON.stringify(seen)}\n`);
setInterval(() => {}, 60_000);
