import { dialectContract } from "../contract.ts";
import { openaiChat } from "./index.ts";
import { REPLIES, REQUESTS, STREAMS } from "./samples.ts";

dialectContract(openaiChat, {
  requests: REQUESTS,
  replies: REPLIES,
  streams: STREAMS,
  traits: { reasoningField: "reasoning_content" },
  stateOrigins: ["gemini-generate"],
});
