// The memory stores keep the contracts of their ports.

import { documentStoreContract } from "#core/ports/document-store.contract.ts";
import { keyStoreContract } from "#core/ports/key-store.contract.ts";
import { recordStoreContract } from "#core/ports/record-store.contract.ts";
import { openMemoryStores } from "./open.ts";

keyStoreContract("memory", async () => openMemoryStores().keys);
documentStoreContract("memory", async () => openMemoryStores().documents);
recordStoreContract("memory", async () => openMemoryStores());
