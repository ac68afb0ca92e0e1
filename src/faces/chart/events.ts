/** An act that restricts trade and concerns what is shown, with where it can be read. */
export interface TradeEvent {
  /** Day from which it is in force, ISO. */
  readonly date: string
  readonly text: string
  readonly source: string
}

/** Acts that share one mark over a chart, since they lie too close to be told apart. */
export interface EventMark {
  readonly number: number
  /** The first of them, where the mark stands. */
  readonly date: string
  readonly events: readonly [TradeEvent, ...TradeEvent[]]
}

/** Acts of one mark that are named; what is beyond is counted. */
const mostNamed = 2

/** The marks of some acts in the order of their days: those within a time of the first of a mark join it. */
export function marksOf(events: readonly TradeEvent[], within: (first: string, date: string) => boolean): EventMark[] {
  const marks: { date: string; events: [TradeEvent, ...TradeEvent[]] }[] = []
  for (const event of events.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))) {
    const before = marks.at(-1)
    if (before && within(before.date, event.date)) before.events.push(event)
    else marks.push({ date: event.date, events: [event] })
  }
  return marks.map((mark, at) => ({ ...mark, number: at + 1 }))
}

/** A mark in words: its one act, or how many there are, from when to when, and the first of them. */
export function markSaid({ date, events }: EventMark): TradeEvent {
  const [first] = events
  if (events.length === 1) return first
  const last = (events.at(-1) ?? first).date
  const named = events.slice(0, mostNamed)
  const more = events.length - named.length
  return {
    date: last === date ? date : `${date} to ${last}`,
    text: `${events.length} acts: ${named.map(({ text }) => text).join('; ')}${more > 0 ? `; ${more} more (analysis controls)` : ''}`,
    source: [...new Set(named.map(({ source }) => source).filter((source) => source !== ''))].join('; '),
  }
}
