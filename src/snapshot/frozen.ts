// Freezes a snapshot to its last map: what many calls share, nobody can change.

const LOCKED = ["set", "add", "delete", "clear"] as const;

function refuse(): never {
  throw new TypeError("A snapshot cannot be changed.");
}

/** Freezes a value and everything in it. Maps and sets lose the methods that would change them. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map || value instanceof Set) lock(value);
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/** Object.freeze leaves the contents of maps and sets open. */
function lock(collection: Map<unknown, unknown> | Set<unknown>): void {
  for (const name of LOCKED) {
    if (name in collection) Object.defineProperty(collection, name, { value: refuse });
  }
  for (const [key, member] of collection.entries()) {
    deepFreeze(key);
    deepFreeze(member);
  }
}
