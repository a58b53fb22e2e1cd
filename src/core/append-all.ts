// Lists as long as a caller likes, put behind one another. Spread as arguments, a million items would run
// out of stack.

/** Puts all of `more` behind `list`. */
export function appendAll<Item>(list: Item[], more: readonly Item[]): void {
  for (const item of more) list.push(item);
}
