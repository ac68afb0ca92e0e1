import type { Uniform } from '../engine/engine.ts'

/** Version of the stored form. A dataset written under another is refused with the command that reloads it. */
export const schemaVersion = 7

export type Side = 'importer' | 'exporter' | 'reconciled'
/**
 * What a row is: reported, estimated by the publisher, or held back by it; or reported with a mass, a quantity in its own
 * unit, or both, that the publisher has estimated.
 */
export const statusWords = [
  'reported',
  'estimated',
  'confidential',
  'estimated mass',
  'estimated quantity',
  'estimated mass and quantity',
] as const
export type Frequency = 'year' | 'month'

/** Where a dataset comes from, as it stands under every figure. */
export interface Provenance {
  readonly publisher: string
  readonly title: string
  readonly vintage: string
  readonly licence: string
  readonly url: string
  /** What was done to it before it came here, such as sums over members. */
  readonly note: string
}

export interface SourceFile {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly encoding: string
}

/** Rows and values of an account that must close: in = kept + aside + rejected, for values with rounding. */
export interface Account {
  readonly rows: {
    readonly in: number
    readonly kept: number
    readonly aside: number
    readonly rejected: number
    readonly blank: number
  }
  /** Decimal text in the dataset's currency: exact. */
  readonly value: {
    readonly in: string
    readonly kept: string
    readonly aside: string
    readonly rejected: string
    readonly rounding: string
    /** Rejected rows of which no value could be read, where there are any: what they are worth is in none of these sums. */
    readonly unread?: number
  }
  /** Rows that the load itself made, such as the part of a published world total that no partner explains. */
  readonly derived: { readonly rows: number; readonly value: string }
}

/** What moves a total by more than one per cent and has no like before. Nothing is removed for it. */
export interface Doubt {
  /** A series that leaps or stops, or a report that is far from its mirror, the partner's report of the same flow. */
  readonly kind: 'jump' | 'blank' | 'mirror'
  readonly side: Side
  readonly importer: string
  readonly exporter: string
  readonly level: number
  /** Periods it concerns. */
  readonly periods: readonly number[]
  /** The last period before them with a value, for a mirror with both reports; 0 where there is none. */
  readonly last: number
  readonly text: string
}

export interface Coverage {
  readonly reporter: string
  readonly period: number
  readonly side: Side
  readonly level: number
  readonly edition: string
  readonly rows: number
  readonly value: string
}

/** What a dataset holds: trade flows, production, shares of vendors in markets, or figures that somebody published. */
export const kinds = ['flow', 'production', 'vendor', 'figure'] as const
export type Kind = (typeof kinds)[number]

/** What a dataset of a kind holds, in words. */
export const kindWords: Readonly<Record<Kind, string>> = {
  flow: 'trade flows',
  production: 'production',
  vendor: 'shares of vendors in markets',
  figure: 'published figures',
}

/** What a dataset version of any kind says of itself. */
export interface ManifestBase {
  readonly schema: number
  readonly name: string
  readonly version: string
  readonly title: string
  readonly loaded_at: string
  readonly tool_version: string
  readonly source: string
  readonly provenance: readonly Provenance[]
  readonly files: readonly SourceFile[]
  readonly options: Readonly<Record<string, string>>
  readonly reject_reasons: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  /** sha256 of the stored files, by name. */
  readonly checksums: Readonly<Record<string, string>>
}

/** A dataset of trade flows. */
export interface FlowManifest extends ManifestBase {
  readonly kind: 'flow'
  readonly frequency: Frequency
  readonly currency: string
  readonly valuation: string
  readonly price_basis: 'current'
  readonly sides: readonly Side[]
  readonly levels: readonly number[]
  readonly editions: readonly string[]
  readonly default_level: number
  readonly default_side: Side
  readonly partners_complete: boolean
  readonly products_complete: boolean
  readonly periods: readonly number[]
  /** Periods whose flows stand together in one file of each order, file by file. */
  readonly stretches: readonly (readonly number[])[]
  /** Of level, edition, side, kind of trade and status. */
  readonly uniform: Uniform
  /** Importers with rows, by alphabet; X-REST among them where a table gives the remainder as one. */
  readonly importers: readonly string[]
  readonly account: Account
  readonly aside_reasons: Readonly<Record<string, { rows: number; value: string }>>
  readonly estimated_periods: readonly number[]
  readonly coverage: readonly Coverage[]
  readonly doubts: readonly Doubt[]
}

/** What economies make of each product. */
export interface ProductionManifest extends ManifestBase {
  readonly kind: 'production'
  readonly frequency: Frequency
  /** Of the values; where there are masses alone it says nothing. */
  readonly currency: string
  readonly levels: readonly number[]
  readonly editions: readonly string[]
  readonly periods: readonly number[]
  /** Economies with rows, by alphabet. */
  readonly economies: readonly string[]
  readonly account: Account
  readonly aside_reasons: Readonly<Record<string, { rows: number; value: string }>>
}

/** A small table of sourced statements: who has which share of a market, or what somebody published. */
export interface TableManifest extends ManifestBase {
  readonly kind: 'vendor' | 'figure'
  /** First and last month that a row speaks of, yyyymm. */
  readonly periods: readonly number[]
  readonly account: { readonly rows: { readonly in: number; readonly kept: number; readonly rejected: number } }
}

export type Manifest = FlowManifest | ProductionManifest | TableManifest
