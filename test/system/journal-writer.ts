// A process of its own for crash tests: opens the stores of a folder and appends records until it is
// killed or the disk refuses, printing each id once it was appended.

import { sampleRecord } from "#core/ports/record-sample.contract.ts";
import { cryptoRandom } from "#platform/crypto-random.ts";
import { systemClock } from "#platform/system-clock.ts";
import { openSqliteStores } from "#stores/sqlite/open.ts";

const [dataDir = "", firstNumber = "1", recordBytes = "10"] = process.argv.slice(2);

const stores = await openSqliteStores({
  dataDir,
  path: `${dataDir}/sluice.db`,
  clock: systemClock,
  random: cryptoRandom,
  emit: (event) => {
    if (event.type === "fault-caught") process.stderr.write(`${event.where}: ${event.error}\n`);
  },
  segmentBytes: 64 * 1024,
});

const { caller } = sampleRecord(1);
const user = "u".repeat(Number(recordBytes));
for (let number = Number(firstNumber); ; number += 1) {
  const record = sampleRecord(number, { caller: { ...caller, user } });
  try {
    stores.journal.append(record);
  } catch (error) {
    process.stdout.write(`refused ${error}\n`);
    process.exit(0);
  }
  process.stdout.write(`${record.id}\n`);
  // A pause lets timers run, so that imports happen between appends.
  if (number % 20 === 0) await Bun.sleep(1);
}
