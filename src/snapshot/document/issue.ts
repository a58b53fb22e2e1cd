// What is wrong with a document, and where.

/** Codes of configuration issues: a closed, documented list. */
export const ISSUE_CODES = {
  invalid_yaml: "The text is not YAML, or uses a part of YAML that the document does without.",
  unknown_key: "No such key.",
  missing_key: "A required key is missing.",
  invalid_value: "The value has the wrong type, form or size.",
  not_available: "The contract knows it, its engine is not built yet.",
  unknown_name: "It refers to something that the document does not define.",
  duplicate: "Something that must be unique stands twice.",
  conflict: "Two keys contradict each other.",
  unset_variable: "A variable or file that the document refers to does not exist.",
  reference_not_allowed: "References to variables and files are for the start-up file only.",
  literal_secret: "Documents sent by API must not hold secrets.",
  weak_secret: "The secret is empty, too short, or known to everybody.",
  forbidden_address: "Providers must not live at this address.",
  left_out: "Left out, because an optional provider lacks its variable.",
  no_effect: "Warning: the value changes nothing here.",
  unknown_model: "Warning: no virtual model, provider or catalogue entry has the name.",
  unpriced: "Warning: no price is known.",
  restart_needed: "Warning: takes effect at the next start.",
} as const;

/** One of the codes. */
export type IssueCode = keyof typeof ISSUE_CODES;

/** Keys and indexes from the root of the document. */
export type DocumentPath = readonly (string | number)[];

/** One issue. Lines and columns count from 1. */
export interface ConfigIssue {
  /** `models.assistant.targets[0]`; empty for the document as a whole. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** A sentence. Never holds a secret. */
  readonly message: string;
  /** What to do about it, empty when the message says it all. */
  readonly hint: string;
  readonly code: IssueCode;
}

/** A place in the text. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds the places of a document. */
export interface Places {
  /** The value at the path, or the nearest place above it. */
  value(path: DocumentPath): Place;
  /** The key that the path ends with, or the nearest place above it. */
  key(path: DocumentPath): Place;
}

/** Writes a path as people do: dots, indexes in brackets, quotes where a name holds other signs. */
export function formatPath(path: DocumentPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!/^[\w-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** What an issue says, without its place. */
export interface Finding {
  readonly code: IssueCode;
  readonly message: string;
  readonly hint?: string;
}

/** Collects issues with their places. */
export class IssueList {
  readonly #places: Places;
  readonly #issues: ConfigIssue[] = [];
  readonly #hidden = new Map<string, string[]>();

  constructor(places: Places) {
    this.#places = places;
  }

  /** All issues, in the order of the text. */
  get all(): readonly ConfigIssue[] {
    return this.#issues.toSorted(
      (left, right) => left.line - right.line || left.column - right.column,
    );
  }

  get isEmpty(): boolean {
    return this.#issues.length === 0;
  }

  /** Keeps what a reference stands for out of the issues about this path. */
  hide(path: DocumentPath, value: string): void {
    const id = JSON.stringify(path);
    this.#hidden.set(id, [...(this.#hidden.get(id) ?? []), value]);
  }

  /** Adds an issue about a value. */
  atValue(path: DocumentPath, finding: Finding): void {
    this.at(path, this.#places.value(path), finding);
  }

  /** Adds an issue about a key. */
  atKey(path: DocumentPath, finding: Finding): void {
    this.at(path, this.#places.key(path), finding);
  }

  /** Adds an issue at a place of its own. */
  at(path: DocumentPath, place: Place, finding: Finding): void {
    const hidden = this.#hidden.get(JSON.stringify(path)) ?? [];
    const message = withoutPieces(finding.message, hidden);
    const hint = withoutPieces(finding.hint ?? "", hidden);
    this.#issues.push({ path: formatPath(path), ...place, message, hint, code: finding.code });
  }
}

/** Messages quote values in backticks, perhaps shortened or in pieces. */
function withoutPieces(text: string, hidden: readonly string[]): string {
  if (hidden.length === 0) return text;
  return text.replace(/`([^`]+)`/g, (quoted, inner: string) => {
    const piece = inner.replace(/…$/, "");
    return hidden.some((value) => value.includes(piece) || piece.includes(value)) ? HIDDEN : quoted;
  });
}

const HIDDEN = "`[hidden]`";
