// Notices: every visible degradation of one exchange, as `kind:subject`, in the order they happened.

/** What was done to the request or the answer that the caller did not ask for. */
export type NoticeKind =
  | "dropped"
  | "clamped"
  /** The vendor demands a value that the caller left out. */
  | "defaulted"
  | "estimated"
  | "emulated"
  | "converted"
  | "unpriced";

/** `dropped:logit_bias`, `estimated:usage`. The subject is a field name of ours, never caller text. */
export type Notice = `${NoticeKind}:${string}`;

/** Writes the value of `x-sluice-notices`. Subjects are reduced to what a header may carry. */
export function noticesHeader(notices: readonly Notice[]): string {
  return [...new Set(notices)].map((notice) => notice.replace(/[^\w.:/-]/g, "_")).join(", ");
}
