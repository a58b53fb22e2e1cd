// Streams that are alive and say nothing.

import type { PartialAnswer } from "../answers/answer-spec.ts";
import { frame, frameText } from "../answers/frame.ts";
import type { Behaviour } from "../behaviour.ts";
import type { Gate } from "../gate.ts";
import { answer } from "./answer.ts";

/**
 * Sends `count` pings (Anthropic) or comments (others) before the first event; with a gate it then
 * waits for it. Then answers.
 */
export function pingsThenAnswer(
  count: number,
  gate?: Gate,
  partial: PartialAnswer = {},
): Behaviour {
  return (request, reply) => {
    const isAnthropic = request.endpoint.dialect === "anthropic-messages";
    const ping = isAnthropic
      ? frameText(frame({ type: "ping" }, { name: "ping" }), "\n")
      : ": upstream is busy\n\n";
    const insert = { afterTokens: 0, text: ping.repeat(count) };
    const delivery = gate === undefined ? { insert } : { insert, hold: { afterTokens: 0, gate } };
    return answer(partial, delivery)(request, reply);
  };
}
