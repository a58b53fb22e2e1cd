import { expect, test } from "bun:test";
import { dialectContract } from "../contract.ts";
import { passthrough } from "./index.ts";

dialectContract(passthrough, {
  requests: [
    {
      name: "anything",
      body: { model: "m", anything: [1] },
      hints: { operation: "pass_through", model: "oai POST /v1/files" },
    },
  ],
  replies: [{ name: "anything", body: { id: "file-1" } }],
  streams: [],
});

test("no credential, account or project of the caller goes to the vendor", () => {
  for (const name of passthrough.forwardedHeaders) {
    expect(name).not.toMatch(/auth|key|organization|project|cookie|forwarded/);
  }
});
