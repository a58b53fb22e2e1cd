// What of a call's facts is recorded: claims of the client are bounded, and left out where the label of
// the request does not let them reach the record.

import type { CallFacts, SensedFacts } from "#core/facts.ts";
import { type Label, permits } from "#policy/dataflow/permits.ts";

const LONGEST_NAME = 256;
const LONGEST_VALUE = 512;
const MOST_ENTRIES = 16;
const NO_METADATA: CallFacts["metadata"] = Object.freeze({});

/** Facts for the record; `undefined` when the call was never read. */
export function recordedFacts(
  facts: CallFacts | undefined,
  sensed: SensedFacts | undefined,
  label: Label,
): (CallFacts & Partial<SensedFacts>) | undefined {
  if (facts === undefined) return undefined;
  const mayClaim = permits(label, { kind: "decision-record" });
  return {
    ...(facts.echo === undefined ? facts : withoutEcho(facts)),
    ...sensed,
    model: facts.model.slice(0, LONGEST_NAME),
    user: mayClaim ? facts.user.slice(0, LONGEST_NAME) : "",
    metadata: mayClaim ? bounded(facts.metadata) : NO_METADATA,
  };
}

/** It may hold what the caller wrote. */
function withoutEcho({ echo: _echo, ...facts }: CallFacts): CallFacts {
  return facts;
}

function bounded(metadata: CallFacts["metadata"]): CallFacts["metadata"] {
  for (const _ in metadata) {
    const entries = Object.entries(metadata).slice(0, MOST_ENTRIES);
    return Object.fromEntries(
      entries.map(([name, value]) => [name.slice(0, LONGEST_NAME), value.slice(0, LONGEST_VALUE)]),
    );
  }
  return NO_METADATA;
}
