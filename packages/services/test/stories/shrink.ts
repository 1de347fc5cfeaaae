import type { Act, Chapter } from './chapter.ts';

/**
 * The smallest chapter that could be found within the limit and still fails: without the acts that it does not need, and
 * without the accidents that do not matter.
 *
 * @param fails plays a chapter
 */
export async function shrink(
  chapter: Chapter,
  fails: (smaller: Chapter) => Promise<boolean>,
  limitMs: number,
): Promise<Chapter> {
  const deadline = performance.now() + limitMs;
  let smallest = chapter;
  const tries = async (acts: Act[]): Promise<boolean> => {
    if (performance.now() > deadline) return false;
    const smaller = { ...smallest, acts };
    if (!(await fails(smaller))) return false;
    smallest = smaller;
    return true;
  };

  // Most often it is about one customer alone.
  for (let who = 0; who < chapter.customers; who += 1) {
    if (await tries(chapter.acts.filter((act) => act.who === who || isOfWorker(act)))) break;
  }
  for (let before = Number.POSITIVE_INFINITY; smallest.acts.length < before; ) {
    before = smallest.acts.length;
    for (let size = Math.ceil(before / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      let at = smallest.acts.length - size;
      while (at > -size) {
        const from = Math.max(0, at);
        await tries(smallest.acts.toSpliced(from, size));
        at = Math.min(from, smallest.acts.length) - size;
      }
    }
    for (let at = smallest.acts.length - 1; at >= 0; at -= 1) {
      const act = smallest.acts[at];
      for (const simpler of act === undefined ? [] : simplerThan(act)) {
        if (await tries(smallest.acts.toSpliced(at, 1, ...simpler))) break;
      }
    }
  }
  return smallest;
}

const isOfWorker = (act: Act): boolean =>
  ['work', 'reconcile', 'checkRefunds', 'compare', 'rotate', 'pass'].includes(act.do);

/** What could stand in an act's place, the simplest first. */
function simplerThan(act: Act): Act[][] {
  if (act.do === 'together') {
    const { acts } = act;
    const fewer = acts.map((_, at) => [{ ...act, acts: acts.toSpliced(at, 1) }]);
    const calmer = acts.flatMap((one, at) =>
      one.accident === null
        ? []
        : [[{ ...act, acts: acts.toSpliced(at, 1, { ...one, accident: null }) }]],
    );
    return [acts, ...(acts.length > 2 ? fewer : []), ...calmer];
  }
  return act.accident === null ? [] : [[{ ...act, accident: null }]];
}
