import type { JsonObject } from "#core/json.ts";
import { dialectContract } from "../contract.ts";
import { openaiChat } from "./index.ts";
import { REPLIES, REQUESTS, STREAMS } from "./samples.ts";

/** A conversation whose second message is wrong. */
function refused(name: string, path: string, message: JsonObject) {
  const messages = [{ role: "user", content: "Hi." }, message];
  return { name, path, body: { model: "sample-model", messages } };
}

dialectContract(openaiChat, {
  requests: REQUESTS,
  replies: REPLIES,
  streams: STREAMS,
  traits: { reasoningField: "reasoning_content" },
  stateOrigins: ["gemini-generate"],
  refused: [
    refused("an unknown role", "messages[1].role", { role: "robot", content: "Hi." }),
    refused("a result without a call", "messages[1].tool_call_id", {
      role: "tool",
      tool_call_id: "nobody",
      content: "sun",
    }),
    refused("a call without a name", "messages[1].tool_calls[0].function.name", {
      role: "assistant",
      tool_calls: [{ id: "a", type: "function", function: { arguments: "{}" } }],
    }),
    refused("a picture that is no base64", "messages[1].content[0].image_url", {
      role: "user",
      content: [{ type: "image_url", image_url: { url: "data:image/png;base64,no data!" } }],
    }),
    refused("sound that is no base64", "messages[1].content[0].input_audio.data", {
      role: "user",
      content: [{ type: "input_audio", input_audio: { data: "??", format: "wav" } }],
    }),
  ],
});
