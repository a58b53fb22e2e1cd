// Real providers' bytes through the gateway in their own dialect: the client gets the recorded reply,
// the upstream the recorded request but for the permitted edits, the record the usage as reported.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import { asObject, type JsonObject } from "#core/json.ts";
import { type RecordedRequest, replay } from "#support/upstream/upstream.ts";
import {
  CALLER_KEY,
  type ClientReply,
  type CorpusBench,
  callGateway,
  PROVIDER_KEY,
  recordedUsage,
  startCorpusBench,
} from "./gateway-setup.ts";
import { eventsOf } from "./oracle/events.ts";
import { readReply } from "./oracle/read-reply.ts";
import type { UsageReading } from "./oracle/reading.ts";
import { hasCorpus, loadRecordings, NO_CORPUS, type Recording } from "./recordings.ts";

const recordings = hasCorpus ? loadRecordings() : [];
if (!hasCorpus) console.warn(NO_CORPUS);

const FOLDERS = [
  "openai-chat",
  "openai-responses",
  "azure-openai-responses",
  "deepseek-responses",
  "openrouter-responses",
  "bedrock-responses",
  "anthropic-messages",
  "anthropic-count-tokens",
  "gemini-generate",
  "gemini-stream-generate",
  "gemini-count-tokens",
];

/** Errors that the contract wants reported as the operator's fault instead of passed on. */
const MISCONFIGURED = new Set([401, 402, 403, 404]);

/** Members that ask for what lives at the vendor, or for another route, when they are not switched off. */
const REFUSED = [
  ...["store", "previous_response_id", "conversation", "prompt", "background"],
  ...["models", "provider"],
];

let bench: CorpusBench;

describe.skipIf(!hasCorpus)("recorded exchanges in their own dialect", () => {
  beforeAll(async () => {
    bench = await startCorpusBench(recordings);
  });
  afterAll(() => bench?.stop());

  for (const folder of FOLDERS) {
    test(`${folder}: reply, request and usage are as recorded`, async () => {
      const faults: string[] = [];
      const chosen = recordings.filter(({ name }) => name.startsWith(`${folder}/`));
      for (const recording of chosen)
        for (const fault of await faultsOf(recording)) faults.push(`${recording.name}: ${fault}`);
      console.log(`${folder}: ${chosen.length} recordings, ${faults.length} differences`);
      expect(faults).toEqual([]);
      expect(chosen.length).toBeGreaterThan(0);
    }, 60_000);
  }
});

async function faultsOf(recording: Recording): Promise<string[]> {
  bench.upstream.clear();
  bench.upstream.script(recording.model, replay(recording.reply));
  const reply = await callGateway(bench.gateway, recording);
  const [seen] = bench.upstream.requests;
  if (REFUSED.some((member) => recording.body[member])) return refusalFaults(reply, seen);
  if (seen === undefined) return [`never reached the upstream: ${reply.status} ${reply.text}`];
  const faults = [...requestFaults(recording, seen), ...replyFaults(recording, reply)];
  if (recording.reply.status !== 200 || recording.operation !== "generate") return faults;
  return [...faults, ...(await usageFaults(recording, reply))];
}

function refusalFaults(reply: ClientReply, seen: RecordedRequest | undefined): string[] {
  const code = reply.headers.get("x-sluice-error");
  if (reply.status === 400 && code === "not_available" && seen === undefined) return [];
  return [`not refused: ${reply.status} ${reply.text}`];
}

function requestFaults(recording: Recording, seen: RecordedRequest): string[] {
  const faults: string[] = [];
  if (!isDeepStrictEqual(seen.json, permittedEdits(recording)))
    faults.push(`the upstream saw ${JSON.stringify(seen.json).slice(0, 400)}`);
  if (seen.target.split("?")[0] !== recording.path.split("?")[0])
    faults.push(`the upstream saw path ${seen.target}`);
  const headers = JSON.stringify(seen.headers);
  if (headers.includes(CALLER_KEY)) faults.push("the caller's key reached the upstream");
  if (!headers.includes(PROVIDER_KEY)) faults.push("the provider's key did not reach the upstream");
  return faults;
}

/** Streams of OpenAI chat are asked for their usage whatever the client wants; nothing else changes. */
function permittedEdits({ dialect, isStream, body }: Recording): JsonObject {
  if (dialect !== "openai-chat" || !isStream) return body;
  const options = { ...asObject(body["stream_options"]), include_usage: true };
  return { ...body, stream_options: options };
}

function replyFaults(recording: Recording, reply: ClientReply): string[] {
  const { status, body } = recording.reply;
  // A counter that fails is no reason to leave the caller without a count.
  if (recording.operation === "count" && status >= 400) {
    const isEstimated = reply.headers.get("x-sluice-notices")?.includes("estimated:input_tokens");
    return reply.status === 200 && isEstimated === true ? [] : [`not estimated: ${reply.text}`];
  }
  if (MISCONFIGURED.has(status))
    return reply.status === 502 && reply.headers.get("x-sluice-error") === "upstream_misconfigured"
      ? []
      : [`recorded ${status}, got ${reply.status} ${reply.text}`];
  if (reply.status !== status) return [`recorded ${status}, got ${reply.status} ${reply.text}`];
  if (body.text === undefined)
    return isDeepStrictEqual(JSON.parse(reply.text), body.json) ? [] : ["another reply"];
  const wanted = eventsOf(body.text);
  const got = eventsOf(reply.text);
  const at = wanted.findIndex((event, index) => !isDeepStrictEqual(event, got[index]));
  if (at >= 0) return [`event ${at} is ${JSON.stringify(got[at])}`];
  return got.length === wanted.length ? [] : [`${got.length} events for ${wanted.length}`];
}

async function usageFaults(recording: Recording, reply: ClientReply): Promise<string[]> {
  const text = recording.reply.body.text ?? JSON.stringify(recording.reply.body.json);
  const wanted = readReply(recording.dialect, { text, isStream: recording.isStream }).usage;
  if (wanted === undefined) return [];
  const row = await recordedUsage(bench.gateway, reply);
  const got: UsageReading = {
    input: Number(row["input_tokens"]),
    cacheRead: Number(row["cache_read_tokens"]),
    cacheWrite: Number(row["cache_write_5m_tokens"]) + Number(row["cache_write_1h_tokens"]),
    output: Number(row["output_tokens"]),
    reasoning: Number(row["reasoning_tokens"]),
  };
  if (isDeepStrictEqual(got, wanted)) return [];
  return [`usage ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`];
}
