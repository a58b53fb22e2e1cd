// The order in which targets are tried: as listed, or drawn by weight.

/** Something with a weight of more than 0. */
interface Weighted {
  readonly weight: number;
}

/**
 * Orders by weight, each place drawn among those left, so that the first place falls to each item in
 * proportion to its weight. Pure: the same draw gives the same order.
 * @param draw a number in [0, 1)
 */
export function orderByWeight<Item extends Weighted>(
  items: readonly Item[],
  draw: number,
): readonly Item[] {
  if (items.length < 2) return items;
  const left = [...items];
  const ordered: Item[] = [];
  let chance = draw;
  while (left.length > 0) {
    const total = left.reduce((sum, item) => sum + item.weight, 0);
    let threshold = chance * total;
    let place = 0;
    while (place < left.length - 1 && threshold >= (left[place]?.weight ?? 0)) {
      threshold -= left[place]?.weight ?? 0;
      place += 1;
    }
    ordered.push(...left.splice(place, 1));
    chance = nextDraw(chance);
  }
  return ordered;
}

/** Another number in [0, 1) out of one, spread well enough for routing (a Weyl step, then a mix). */
export function nextDraw(draw: number): number {
  let bits = Math.floor(draw * 0x1_0000_0000) >>> 0;
  bits = (bits + 0x9e3779b9) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35) >>> 0;
  return ((bits ^ (bits >>> 16)) >>> 0) / 0x1_0000_0000;
}
