// Finds things by a list of label values without putting a text together for each look-up.

interface Branch<Leaf> {
  leaf: Leaf | undefined;
  readonly next: Map<string, Branch<Leaf>>;
}

function branch<Leaf>(): Branch<Leaf> {
  return { leaf: undefined, next: new Map() };
}

/** A map whose keys are lists of texts. Whoever fills it bounds it. */
export class LabelTree<Leaf> {
  readonly #root = branch<Leaf>();

  get(values: readonly string[]): Leaf | undefined {
    let found: Branch<Leaf> | undefined = this.#root;
    for (let depth = 0; depth < values.length && found !== undefined; depth += 1) {
      found = found.next.get(values[depth] ?? "");
    }
    return found?.leaf;
  }

  set(values: readonly string[], leaf: Leaf): void {
    let place = this.#root;
    for (const value of values) {
      const known = place.next.get(value) ?? branch<Leaf>();
      place.next.set(value, known);
      place = known;
    }
    place.leaf = leaf;
  }
}
