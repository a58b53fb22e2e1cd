import { expect, test } from "bun:test";
import { modelList } from "./models.ts";

test("the list names its ends and leaves unknown limits open", () => {
  const list = modelList([
    { id: "assistant", ownedBy: "sluice", inputTokens: 0, outputTokens: 0 },
    {
      id: "claude/claude-sonnet-4-6",
      ownedBy: "claude",
      inputTokens: 200_000,
      outputTokens: 64_000,
    },
  ]);
  expect(list).toMatchObject({
    first_id: "assistant",
    last_id: "claude/claude-sonnet-4-6",
    has_more: false,
    data: [
      { type: "model", id: "assistant", display_name: "assistant", max_input_tokens: null },
      { max_input_tokens: 200_000, max_tokens: 64_000 },
    ],
  });
  expect(modelList([])).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
});
