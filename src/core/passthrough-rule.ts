// Paths of a vendor that a document opens as they are: `POST /v1/files`, `GET /v1/jobs/{id}`.

/** One path with its method. */
export interface PassthroughRule {
  /** As the document writes it. */
  readonly text: string;
  readonly method: string;
  /** Undefined stands for any one segment. */
  readonly segments: readonly (string | undefined)[];
}

const RULE = /^(GET|POST|PUT|PATCH|DELETE) (\/[^\s?#]{1,500})$/;
/** What a segment may hold, in a rule and in a call: nothing encoded, so that it has one reading. */
const SEGMENT = /^[\w.~:@!$&'()*+,;=-]{1,200}$/;
const VARIABLE = /^\{\w{1,60}\}$/;

/** Reads a rule. @returns undefined when the text is none, or its path holds dot segments or encodings */
export function readRule(text: string): PassthroughRule | undefined {
  const [, method = "", path = ""] = RULE.exec(text) ?? [];
  if (method === "") return undefined;
  const segments = path.slice(1).split("/");
  if (!segments.every((segment) => VARIABLE.test(segment) || isPlain(segment))) return undefined;
  return {
    text,
    method,
    segments: segments.map((segment) => (VARIABLE.test(segment) ? undefined : segment)),
  };
}

/**
 * The first rule that a call is of.
 * @param path as it was sent, beginning with a slash, without query
 */
export function ruleFor(
  rules: readonly PassthroughRule[],
  method: string,
  path: string,
): PassthroughRule | undefined {
  const segments = path.slice(1).split("/");
  if (!path.startsWith("/") || !segments.every(isPlain)) return undefined;
  return rules.find((rule) => {
    if (rule.method !== method || rule.segments.length !== segments.length) return false;
    return rule.segments.every((wanted, at) => wanted === undefined || wanted === segments[at]);
  });
}

function isPlain(segment: string): boolean {
  return SEGMENT.test(segment) && segment !== "." && segment !== "..";
}
