// The second question to a model whose answer was not valid: the conversation, its answer, and what is
// wrong with it.

import type { AnswerProblem } from "#core/ports/answer-checker.ts";
import type { NeutralRequest } from "../neutral.ts";

/** What a model is told to mend. Plain data. */
export interface Repair {
  /** The answer as it came. */
  readonly answer: string;
  readonly problems: readonly AnswerProblem[];
}

/** What of a wrong answer is shown to its model again, in UTF-16 code units. */
const LONGEST_SHOWN = 100_000;

/** The request with a further turn that asks for a valid answer. */
export function withRepair(request: NeutralRequest, { answer, problems }: Repair): NeutralRequest {
  const shown = answer.trim() === "" ? "(nothing)" : answer.slice(0, LONGEST_SHOWN);
  const listed = problems.map(
    ({ place, message }) => `- ${place === "" ? "#" : place}: ${message}`,
  );
  const complaint = [
    "That answer is not valid by the JSON schema:",
    ...listed,
    "Give the whole answer again, corrected, as JSON and nothing else.",
  ].join("\n");
  return {
    ...request,
    turns: [
      ...request.turns,
      { role: "assistant", parts: [{ kind: "text", text: shown }] },
      { role: "user", parts: [{ kind: "text", text: complaint }] },
    ],
  };
}
