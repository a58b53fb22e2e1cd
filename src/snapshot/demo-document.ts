// The document that stands in when nothing is configured.

const DEMO_DOCUMENT = `# Nothing is configured: the demo provider answers inside the gateway, without any account.
# Write a sluice.yaml beside it to replace all of this.
version: 1

providers:
  demo: { kind: demo }

models:
  # Every third call of demo/flaky fails; the next target answers then.
  assistant:
    targets: [demo/flaky, demo/echo]
  # Three calls of four go to the first target.
  spread:
    strategy: weighted
    targets:
      - { model: demo/echo, weight: 3 }
      - { model: demo/json, weight: 1 }
  # The first target is given up after half a second without a token.
  impatient:
    targets: [demo/slow, demo/echo]
    first_token_timeout: 500ms
  # The first target refuses every call.
  relief:
    targets: [demo/rate-limited, demo/echo]
`;

/** The text of the demo document. */
export function demoDocument(): string {
  return DEMO_DOCUMENT;
}
