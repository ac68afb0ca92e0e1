/** How many economies have a colour of their own on a page. */
export const slots = 6

/** Partners that no report names: reserved codes begin with X-. */
export const isUnknown = (economy: string): boolean => economy.startsWith('X-')

/**
 * Which economy has which of six colours, for as long as it is on a page: make one for a page and give it to every chart.
 * The supplier in question has the first; others have grey, and who is unknown is hatched.
 */
export class Colours {
  readonly #slots = new Map<string, number>()
  #question: string | undefined

  /** @param inQuestion the supplier that the page is about, where there is one */
  constructor(inQuestion?: string) {
    if (inQuestion !== undefined) this.ask(inQuestion)
  }

  /** The supplier in question, which has the first colour. */
  get question(): string | undefined {
    return this.#question
  }

  /** Make it the supplier in question, unless there is one already or the first colour is taken. */
  ask(economy: string): void {
    if (this.#question !== undefined || isUnknown(economy) || [...this.#slots.values()].includes(1)) return
    this.#question = economy
    this.#slots.set(economy, this.#slots.get(economy) ?? 1)
  }

  /** The economy's slot, 1 to 6, where it has one. */
  slot(economy: string): number | undefined {
    return this.#slots.get(economy)
  }

  /**
   * The economy's slot, or the next that is free, the first one last; undefined where none is left, and for who is
   * unknown.
   */
  claim(economy: string): number | undefined {
    const own = this.#slots.get(economy)
    if (own !== undefined || isUnknown(economy)) return own
    const taken = new Set(this.#slots.values())
    const free = [...Array.from({ length: slots - 1 }, (_, place) => place + 2), 1].find((slot) => !taken.has(slot))
    if (free !== undefined) this.#slots.set(economy, free)
    return free
  }

  /** The colour of an economy as a custom property of the styles: grey where it has no slot. */
  of(economy: string): string {
    const slot = this.#slots.get(economy)
    return slot === undefined ? 'var(--others)' : `var(--s${slot})`
  }
}
