// Amazon's own client as a judge of what is said in Converse: it writes only what its schema knows, and
// reads only what its schema knows.

import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type ConverseCommandOutput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from "@aws-sdk/client-bedrock-runtime";
import { asObject, isJsonObject, type Json, type JsonObject } from "#core/json.ts";

const TEXT = new TextDecoder();
const ENCODER = new TextEncoder();
const MODEL = "amazon.nova-lite-v1:0";
const REPLY = { output: { message: { role: "assistant", content: [] } }, stopReason: "end_turn" };

/** The body that Amazon's client writes for the same call. What its schema does not know is gone. */
export async function writtenByAmazon(body: JsonObject): Promise<JsonObject> {
  let written: JsonObject = {};
  const client = clientOver((request) => {
    const { body: sent } = request as { readonly body: string | Uint8Array };
    const text = typeof sent === "string" ? sent : TEXT.decode(sent);
    written = asObject(JSON.parse(text)) ?? {};
    return { contentType: "application/json", body: ENCODER.encode(JSON.stringify(REPLY)) };
  });
  const input = { modelId: MODEL, ...(withBytes(body) as object) } as ConverseCommandInput;
  await client.send(new ConverseCommand(input));
  return written;
}

/** A whole answer as Amazon's client reads it. */
export function readByAmazon(body: JsonObject): Promise<ConverseCommandOutput> {
  const client = clientOver(() => {
    return { contentType: "application/json", body: ENCODER.encode(JSON.stringify(body)) };
  });
  return client.send(new ConverseCommand({ modelId: MODEL, messages: [] }));
}

/** The events of a binary stream as Amazon's client reads them. */
export async function streamReadByAmazon(bytes: Uint8Array): Promise<ConverseStreamOutput[]> {
  const client = clientOver(() => {
    return { contentType: "application/vnd.amazon.eventstream", body: inOnePiece(bytes) };
  });
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: MODEL, messages: [] }));
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}

async function* inOnePiece(bytes: Uint8Array) {
  yield bytes;
}

interface Answer {
  readonly contentType: string;
  readonly body: unknown;
}

function clientOver(answer: (request: unknown) => Answer): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: "eu-central-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: unknown) => {
        const { contentType, body } = answer(request);
        return { response: { statusCode: 200, headers: { "content-type": contentType }, body } };
      },
    } as never,
  });
}

const BYTE_MEMBERS = new Set(["bytes", "redactedContent"]);

/** The client wants bytes where JSON has base64; values of the caller's own are left alone. */
function withBytes(value: Json | undefined, key = ""): unknown {
  if (key === "input" || key === "json" || key === "additionalModelRequestFields") return value;
  if (typeof value === "string" && BYTE_MEMBERS.has(key)) return Buffer.from(value, "base64");
  if (Array.isArray(value)) return value.map((item) => withBytes(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withBytes(one, name)]),
  );
}
