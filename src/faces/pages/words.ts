const letters = /\b(hhi|cr\d|cif fob|sd|ec|oecd)\b/g

/** A name of a parameter or column as people read it. */
export const readable = (name: string): string =>
  name.replaceAll('_', ' ').replace(letters, (word) => word.toUpperCase())

/** A sentence written for the command line in the words of these pages. */
export const inPageWords = (sentence: string): string =>
  sentence.replace(/--([a-z][a-z-]*)( (?=[\w"]))?/g, (_, flag: string, value?: string) =>
    value
      ? `“${capital(readable(flag.replaceAll('-', '_')))}” at `
      : `“${capital(readable(flag.replaceAll('-', '_')))}”`,
  )

/** The same as it begins a label. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const grouping = new Intl.NumberFormat('en')

/** A count with thousands set apart. */
export const grouped = (count: number): string => grouping.format(count)

/** Decimal text of any length with thousands set apart. */
export const groupedText = (number: string): string => number.replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** A count and what it counts. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : several}`
