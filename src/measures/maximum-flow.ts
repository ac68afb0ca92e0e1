/** An edge of a network: from, to, and the most that it carries, a whole number. */
export type Edge = readonly [from: string, to: string, capacity: number]

/**
 * The most that can pass from one node to another over a network, no edge carrying more than it can. The value is unique,
 * how it is split among edges is not, and is not given. Capacities that are not above zero carry nothing.
 * Source: Edmonds and Karp (1972), Theoretical Improvements in Algorithmic Efficiency for Network Flow Problems, J. ACM
 * 19(2): shortest augmenting paths; methods, diversion section b (REC5).
 */
export function maximumFlow(edges: readonly Edge[], source: string, sink: string): number {
  const left = new Map<string, Map<string, number>>()
  const add = (from: string, to: string, capacity: number) => {
    const out = left.get(from) ?? new Map<string, number>()
    left.set(from, out.set(to, (out.get(to) ?? 0) + capacity))
  }
  for (const [from, to, capacity] of edges) {
    if (capacity <= 0) continue
    add(from, to, capacity)
    add(to, from, 0)
  }
  let total = 0
  for (;;) {
    const before = new Map<string, string>([[source, '']])
    const reached = [source]
    for (const node of reached) {
      if (before.has(sink)) break
      for (const [next, capacity] of left.get(node) ?? [])
        if (capacity > 0 && !before.has(next)) {
          before.set(next, node)
          reached.push(next)
        }
    }
    if (!before.has(sink)) return total
    const path: [string, string][] = []
    for (let node = sink; node !== source; node = before.get(node) as string)
      path.push([before.get(node) as string, node])
    const least = Math.min(...path.map(([from, to]) => left.get(from)?.get(to) ?? 0))
    for (const [from, to] of path) {
      add(from, to, -least)
      add(to, from, least)
    }
    total += least
  }
}
