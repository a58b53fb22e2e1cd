// Answers that are looked at before anything of them goes to the client: held to the caller's schema,
// and put where the caller expects them.

import { GatewayError } from "#core/errors.ts";
import type { AnswerProblem, AnswerVerdict } from "#core/ports/answer-checker.ts";
import type { Usage } from "#core/usage.ts";
import { findAnswer, LONGEST_ANSWER, withAnswer } from "#dialects/adapt/read-answer.ts";
import type { AnswerPlan } from "#dialects/adapt/restoring.ts";
import type { NeutralChoice, NeutralReply } from "#dialects/neutral.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { AttemptFailure } from "../upstream/attempt-failure.ts";

/** What is known of the attempt that gave the reply. */
export interface HeldReply {
  readonly reply: NeutralReply;
  readonly plan: AnswerPlan;
  /** HTTP status of the upstream. */
  readonly status: number;
  /** Billed, whatever becomes of the answer. */
  readonly used: Usage;
}

/**
 * The reply with its answers checked and in their place.
 * @throws AttemptFailure `invalid_answer` with what a repair needs
 */
export async function holdAnswer(
  held: HeldReply,
  dependencies: Pick<GatewayDependencies, "checker" | "emit">,
): Promise<NeutralReply> {
  const { reply, plan } = held;
  const choices: NeutralChoice[] = [];
  for (const choice of reply.choices) {
    const found = findAnswer(choice, plan);
    if (found === undefined) {
      choices.push(choice);
      continue;
    }
    if (found.mustBeChecked) {
      if (found.text.length > LONGEST_ANSWER) throw failure(held, "It is too large to be checked.");
      const verdict = await checked(held, found.text, dependencies);
      if (verdict.outcome === "invalid") throw invalid(held, found.text, verdict.problems);
      if (verdict.outcome !== "valid") throw failure(held, "The schema is too costly to check.");
    }
    choices.push(withAnswer(choice, plan, found.text));
  }
  return { ...reply, choices };
}

/** A check that cannot be made is no fault of the upstream's. */
async function checked(
  held: HeldReply,
  text: string,
  { checker, emit }: Pick<GatewayDependencies, "checker" | "emit">,
): Promise<AnswerVerdict> {
  try {
    return await checker.check(text, held.plan.schema);
  } catch (error) {
    if (!(error instanceof GatewayError)) emit({ type: "fault-caught", where: "check", error });
    throw failure(held, "There was no room to check it.");
  }
}

/** Names keywords alone: places and values are the caller's and the model's own words. */
function invalid(
  held: HeldReply,
  answer: string,
  problems: readonly AnswerProblem[],
): AttemptFailure {
  const keywords = [...new Set(problems.map(({ keyword }) => keyword))].join(", ");
  const { status, used } = held;
  return new AttemptFailure(
    "invalid_answer",
    `The answer does not keep the schema that was asked for (${keywords}).`,
    { status, used, repair: { answer, problems } },
  );
}

function failure({ status, used }: HeldReply, why: string): AttemptFailure {
  return new AttemptFailure(
    "invalid_answer",
    `The answer could not be held to its schema. ${why}`,
    {
      status,
      used,
    },
  );
}
