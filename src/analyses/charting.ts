/** A threshold that a chart shows: a number, or one that a parameter of the question names or holds. */
export interface Threshold {
  readonly at: number | { readonly parameter: string; readonly of?: Readonly<Record<string, number>> }
  /** What lies beyond it, in a few words. */
  readonly says: string
}

/** Where a chart finds a figure: a column, in those rows that have the other values. */
export type Reading = string | { readonly column: string; readonly where: Readonly<Record<string, string>> }

/** The column that figures are read from. */
export const columnRead = (reading: Reading) => (typeof reading === 'string' ? reading : reading.column)

/** A series that the dataset may doubt: the columns that say who bought and who sold. */
export interface DoubtedSeries {
  readonly importer: string
  readonly supplier: string
}

/** A column that says of its row's figure that it is doubtful, by which word or above which number. */
export interface DoubtedWord {
  readonly column: string
  readonly is: string | true | { readonly above: number }
  /** What it is then, in a few words, for the legend. */
  readonly says: string
  /** Whether it is but an estimate: dashed, where what is doubtful is hatched. */
  readonly estimate?: true
}

interface Common {
  /** What is drawn, as the subtitle begins: "Share of imports". */
  readonly measure: string
  /** Columns by whose values the chart is divided, one part below the other, where they have several. */
  readonly panels?: readonly string[]
  /** What makes a figure doubtful, besides estimated and incomplete periods, which every chart shows. */
  readonly doubtful?: readonly (DoubtedSeries | DoubtedWord)[]
}

/** A figure over periods, a line for each of a series; null breaks it. `low` and `high` are bounds around it. */
export interface LinesChart extends Common {
  readonly kind: 'lines'
  readonly x: string
  readonly y: string
  readonly series: string
  /** What a series is that is named by a number, after it: "of orders". */
  readonly series_says?: string
  readonly low?: string
  readonly high?: string
  readonly threshold?: Threshold
  /** It fits only up to so many lines. */
  readonly most?: number
}

/** Parts of a whole over periods, stacked; what is not among the rows of a share is part of "others". */
export interface AreaChart extends Common {
  readonly kind: 'area'
  readonly x: string
  readonly y: string
  readonly series: string
}

/** What a column's word does to the colour of its row: the word that counts, the one that leaves it open, and what each means. */
export interface Tones {
  readonly column: string
  readonly full: string
  readonly open: string
  readonly says: { readonly full: string; readonly open: string; readonly other: string }
}

/** A ranking of the latest period. */
export interface BarsChart extends Common {
  readonly kind: 'bars'
  readonly label: string
  readonly value: string
  readonly threshold?: Threshold
  /** Bounds around the figure: a whisker where they are apart. */
  readonly low?: string
  readonly high?: string
  /** The column that holds what may come on top of it, and what that is: the bar goes on, hatched. */
  readonly open?: { readonly column: string; readonly says: string }
  /** What stands where there is no figure; "no figure" where left out. */
  readonly missing?: string
  /** Columns that stand in words beside each bar. */
  readonly beside?: readonly string[]
  /** The column whose economy colours the bar, and what that economy is. Its own label where left out. */
  readonly colour?: { readonly column: string; readonly says: string }
  /** The column whose word colours it instead. */
  readonly tones?: Tones
}

/** Between which bounds a figure lies, a row each; a point where they are one. */
export interface IntervalsChart extends Common {
  readonly kind: 'intervals'
  readonly label: string
  readonly low: string
  readonly high: string
  /** The figure within the bounds that leads, where one does. */
  readonly value?: string
  /** Wider bounds around those. */
  readonly outer?: { readonly low: string; readonly high: string }
  /** Columns that stand in words beside each. */
  readonly beside?: readonly string[]
  readonly tones?: Tones
}

/** Two figures against each other, a point each. */
export interface PointsChart extends Common {
  readonly kind: 'points'
  readonly x: Reading
  readonly y: Reading
  readonly label: string
  /** What the axes are, in words. */
  readonly x_says: string
  readonly y_says: string
  readonly colour?: { readonly column: string; readonly says: string }
  /** The column that holds what each figure is compared with, and the one that names by whom: lines on both axes. */
  readonly thresholds?: { readonly column: string; readonly named: string }
}

/** Two figures of the same thing, tied: two columns, or one column in the first and the last of its periods. */
export interface DumbbellChart extends Common {
  readonly kind: 'dumbbell'
  readonly label: string
  readonly from: string
  readonly to: string
  readonly from_says: string
  readonly to_says: string
  readonly over?: undefined
  readonly threshold?: Threshold
}

/** The same over periods. */
export interface ChangeChart extends Common {
  readonly kind: 'dumbbell'
  readonly label: string
  readonly value: string
  readonly over: string
  readonly threshold?: Threshold
  readonly colour?: { readonly column: string; readonly says: string }
}

/** Economies shaded by a figure of the latest period. */
export interface MapChart extends Common {
  readonly kind: 'map'
  readonly economy: string
  readonly value: string
}

/** Flows from one column's values to another's, in the latest period. */
export interface SankeyChart extends Common {
  readonly kind: 'sankey'
  readonly source: string
  readonly target: string
  readonly value: string
}

/** A leg of a corridor: columns with what went over it before and after. */
export interface Leg {
  readonly before: string
  readonly after: string
}

/**
 * Trade between two ends, directly and through others, before and after side by side on one scale. A second leg that is
 * null is not observed, and drawn as such.
 */
export interface CorridorsChart extends Common {
  readonly kind: 'corridors'
  /** Who is between the ends; in the row of direct trade the far end. */
  readonly label: string
  /** The column that says what a row is: its word for direct trade, and those for who is between; other rows are no flow. */
  readonly role: { readonly column: string; readonly direct: string; readonly between: readonly string[] }
  /** Parameters that name the ends. */
  readonly from: string
  readonly to: string
  readonly first: Leg
  readonly second: Leg
}

/** One picture of an answer, declared by column names; no face and no library of drawing is known here. */
export type Chart =
  | LinesChart
  | AreaChart
  | BarsChart
  | PointsChart
  | DumbbellChart
  | ChangeChart
  | MapChart
  | SankeyChart
  | IntervalsChart
  | CorridorsChart

/** What an answer is drawn as: one chart, or several of which the first that fits the rows is drawn. */
export type ChartDeclaration = Chart | readonly Chart[]

/** Reports that the dataset doubts, of who bought from whom. */
export const doubtedReports: DoubtedSeries = { importer: 'importer', supplier: 'supplier' }

/** The charts that a declaration names, in its order. */
export const chartsOf = (declaration: ChartDeclaration): readonly Chart[] =>
  'kind' in declaration ? [declaration] : declaration

/** The columns whose figures a chart shows. */
export function shownColumns(chart: Chart): readonly string[] {
  switch (chart.kind) {
    case 'lines':
    case 'area':
      return [chart.y]
    case 'bars':
    case 'map':
    case 'sankey':
      return [chart.value]
    case 'dumbbell':
      return chart.over === undefined ? [chart.to, chart.from] : [chart.value]
    case 'intervals':
      return [chart.value ?? chart.high]
    case 'corridors':
      return [chart.first.before, chart.first.after]
    case 'points':
      return [chart.x, chart.y].map(columnRead)
  }
}
