import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip, deflateRawSync, gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { hostileFiles, hostileMapping } from './hostile-files.ts'
import { zip } from './zip.ts'

/** A file that a load is given, with the mapping that it needs; or one of the kinds that users write. */
export interface RoughFile {
  readonly file: string
  readonly content: Buffer
  readonly mapping?: string
  /** Whether it is read by `chokepoint check` rather than loaded. */
  readonly own?: true
  /** The column of values in currency units, where rows stand one a line. */
  readonly value?: string
}

/** Names of the groups of seeds, by how they are read. */
export type SeedKind = 'publishers' | 'mapped' | 'tables' | 'hostile' | 'own'
export type Seeds = Readonly<Record<SeedKind, Readonly<Record<string, RoughFile>>>>

/** So many cases are of each kind: with the 130 files of hostile.test.ts, whose rows these mutate too, they are 500. */
export const roughRuns: Readonly<Record<SeedKind, number>> = {
  publishers: 40,
  mapped: 40,
  hostile: 20,
  tables: 40,
  own: 230,
}

const linesTaken = 12
const sample = (name: string) => new URL(`../../data/${name}`, import.meta.url)

/** The first lines of a real file, its bytes as they are. */
async function head(path: string | URL, lines = linesTaken, from = 1): Promise<Buffer> {
  const stream = createReadStream(path)
  const plain = String(path).endsWith('.gz') ? stream.pipe(createGunzip()) : stream
  const kept: string[] = []
  let number = 0
  for await (const line of createInterface({
    input: plain.setEncoding('latin1'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1
    if (number === 1 || number > from) kept.push(line)
    if (kept.length > lines) break
  }
  stream.destroy()
  return Buffer.from(`${kept.join('\n')}\n`, 'latin1')
}

/** The same rows as Parquet. */
async function parquet(text: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'chokepoint-seed-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(join(folder, 'rows.csv'), text)
    await connection.run(`copy (from read_csv('${folder}/rows.csv')) to '${folder}/rows.parquet' (format parquet)`)
    return readFileSync(join(folder, 'rows.parquet'))
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
  }
}

const flows =
  'year,importer,exporter,product,value,mass,note\n2022,USA,CHN,850650,100,5,a\n2022,USA,JPN,850650,50.5,5,"b, c"\n2021,DEU,CHN,010121,7,,\n'
const comtradeRecord = {
  typeCode: 'C',
  freqCode: 'A',
  period: '2023',
  reporterCode: 276,
  flowCode: 'M',
  partnerCode: 156,
  partner2Code: 0,
  classificationCode: 'H6',
  cmdCode: '850650',
  customsCode: 'C00',
  motCode: 0,
  netWgt: 100.5,
  isNetWgtEstimated: false,
  primaryValue: 1000.25,
}

/** The yaml of a file shipped in `data`. */
const shipped = (name: string) => readFileSync(sample(name), 'utf8')

/**
 * What is made rough: the first lines of real files, of the shipped samples, of every form that a loader reads, and the
 * hostile files. Files of the publishers are there where the real data are.
 * @param realData the folder with the real data, which may not exist
 */
export async function seeds(realData: string): Promise<Seeds> {
  const real = existsSync(realData)
  const at = (...names: string[]) => join(realData, ...names)
  const published: Readonly<Record<string, RoughFile>> = real
    ? {
        comext: {
          file: 'extract.csv',
          content: await head(at('eu-cn8-sanctioned-exports', 'eu27_exports_cn8_monthly_2020-01_2022-11.csv.gz')),
          value: 'value_eur',
        },
        'comext, annual': {
          file: 'annual.csv',
          content: await head(at('isi-eu-critical-inputs', 'eu_comext_critical_inputs_cn8_2022_2024.csv')),
          value: 'VALUE_IN_EUROS',
        },
        imts: { file: 'RU_trade.csv', content: await head(at('imf-imts-russia', 'RU_trade.csv')) },
        comtrade: {
          file: 'comtrade_2022.csv',
          content: await head(
            at('critical-materials-atlas', 'reconcile_fixtures', 'raw', 'comtrade', 'comtrade_2022.csv.gz'),
          ),
        },
        'comtrade, classic': {
          file: 'classic.csv',
          content: await head(at('sme-comtrade', 'comtrade_SME_848620_903082_903141_2016_2020_partner_world.csv')),
        },
      }
    : {}
  return {
    publishers: {
      ...published,
      baci: {
        file: 'BACI_HS17_Y2022_V202601.csv',
        content: Buffer.from(
          't,i,j,k,v,q\n2022,156,276,850650,1.5,2\n2022,842,276,850650,3.25,NA\n2022,490,251,010121,0.001,0.002\n',
        ),
      },
      'comtrade, answer': {
        file: 'answer.json',
        content: Buffer.from(
          JSON.stringify({
            count: 2,
            data: [comtradeRecord, { ...comtradeRecord, partnerCode: 0, primaryValue: 2000 }],
            error: '',
          }),
        ),
      },
    },
    mapped: {
      'sample of BACI': {
        file: 'critical-materials.csv',
        content: await head(sample('sample/critical-materials.csv')),
        mapping: shipped('sample/critical-materials.yaml'),
      },
      'sample of IMTS': {
        file: 'russia-imts.csv',
        content: await head(sample('sample/russia-imts.csv')),
        mapping: shipped('sample/russia-imts.yaml'),
        value: 'value',
      },
      'sample of Comext': {
        file: 'eu-listed-exports.csv.gz',
        content: gzipSync(await head(sample('sample/eu-listed-exports.csv.gz'))),
        mapping: shipped('sample/eu-listed-exports.yaml'),
      },
      Parquet: { file: 'flows.parquet', content: await parquet(Buffer.from(flows)), mapping: hostileMapping() },
      JSON: {
        file: 'flows.json',
        content: Buffer.from(
          JSON.stringify([
            { year: 2022, importer: 'USA', exporter: 'CHN', product: '850650', value: 100.25, mass: null },
          ]),
        ),
        mapping: hostileMapping(),
      },
      'an archive': {
        file: 'flows.zip',
        content: zip(
          { name: 'a.csv', content: flows },
          { name: 'readme.txt', content: 'x' },
          { name: 'b.csv', content: flows.replaceAll('2022', '2020') },
        ),
        mapping: hostileMapping(),
      },
      'a column a period': {
        file: 'wide.csv',
        content: Buffer.from('importer,exporter,product,2021,2022\nUSA,CHN,850650,1,2\nUSA,JPN,850650,,3.5\n'),
        mapping: `frequency: year\ncurrency: USD\nside: importer\ncodes: iso3\nperiod_columns: '\\d{4}'\ncolumns: {importer: importer, exporter: exporter, product: product}\n`,
      },
      production: {
        file: 'production.csv',
        content: Buffer.from('country,hs6,date,value,tonnes,source\nDE,850650,2022,12.5,3,a\nFR,850650,2022,,4,b\n'),
        mapping:
          'kind: production\nfrequency: year\ncurrency: USD\nmass_unit: t\ncodes: iso2\nedition: HS2017\ncolumns: { economy: country, product: hs6, period: date, value: value, mass: tonnes, source: source }\n',
      },
      ...(real
        ? {
            'totals by name': {
              file: 'eu27_total_monthly.csv',
              content: await head(at('eu-total-exports-caucasus-ca', 'eu27_total_monthly_2019-01_2024-08.csv')),
              mapping:
                'frequency: month\ncurrency: EUR\nvaluation: FOB\ncodes: comext-name\nflows: {EXPORT: export, IMPORT: import}\ncolumns: {period: period, reporter: reporter, partner: partner, flow: flow, value: value_eur}\n',
              value: 'value_eur',
            },
          }
        : {}),
    },
    tables: {
      vendors: {
        file: 'russia-vendors.csv',
        content: await head(sample('sample/russia-vendors.csv')),
        mapping: shipped('sample/russia-vendors.yaml'),
      },
      figures: { file: 'published-figures.csv', content: await head(sample('reference/published-figures.csv')) },
    },
    hostile: Object.fromEntries(
      hostileFiles
        .filter(([, content]) => content.length < 100_000)
        .map(([name, content, , file = 'case.csv', more]) => [
          name,
          { file, content: Buffer.from(content), mapping: hostileMapping(more) },
        ]),
    ),
    own: Object.fromEntries(
      [
        ...readdirSync(sample('methods')).map((name) => [name, shipped(`methods/${name}`)] as const),
        ...['russia-imts', 'russia-vendors'].map((name) => [`${name}.yaml`, shipped(`sample/${name}.yaml`)] as const),
        [
          'claims.yaml',
          shipped('claims/report-2023-04-19.yaml')
            .slice(0, 4000)
            .replace(/\n[^\n]*$/, '\n'),
        ] as const,
        [
          'group.yaml',
          'kind: economies\ngroup: NORDIC\ntitle: Nordic\nsource: own\nmembers: [DNK, {economy: HRV, from: 2013}]\n',
        ] as const,
        [
          'list.yaml',
          'kind: products\ngroup: LIST\ntitle: List\nsource: own\nmembers:\n  - "854231"\n  - { product: "010121", edition: HS2017, tier: 1, note: horses }\n',
        ] as const,
        [
          'question.yaml',
          'analysis: dependence\nparameters: { importer: [RUS], supplier: CHN, period: 2022 }\ncolumns: [value]\n',
        ] as const,
        [
          'links.csv',
          'from_edition,to_edition,from,to\nHS2017,HS2022,854231,854231\nHS2017,HS2022,851712,851713\n',
        ] as const,
      ].map(([file, text]) => [file, { file, content: Buffer.from(text), own: true as const }]),
    ),
  }
}

/** Draws whole numbers below a bound, the same each time (Park and Miller). */
function drawing(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * Math.max(1, below))
  }
}

/** Cells that people and programs write where a number, a code or a name belongs. */
const cells = [
  ...['', ' ', '-', '0', '-0', '-1', '+5', '.5', '5.', '1e3', '1E+05', '1e400', '1e-400', '9e18', '1_000', '1 000'],
  ...['1,000', '1.000,5', '1’000', '"1,000"', '0x10', 'NaN', 'inf', '-inf', 'NA', 'null', 'TRUE', '٥٠', '½', '５０'],
  ...['99999999999999999999', '0.1234567890123456789', '0000000100', '100%', '$5', '=1+1', "'100", '2022-13', '202213'],
  ...[
    '2022-02-30',
    '20220101',
    '1899',
    '9999',
    '10121',
    '8.5E+05',
    'TOTAL',
    'TOTAL ',
    'total',
    '99',
    '999999',
    'XXX',
    'WLD',
  ],
  ...[
    '"',
    '""',
    '"open',
    'cl"ose',
    `'; drop table report; --`,
    '\u0000',
    '\ufeff',
    '\u200b5',
    '\u00a05',
    '\t5',
    'a\rb',
  ],
  ...['"a\nb"', '\\', '\\N', '𝔘𝔫𝔦', 'é', '\ud800', '{}', '[]', '<b>', '../x', '\u001b[31m'],
]

type Draw = (below: number) => number

const lineEnds = ['\n', '\r\n', '\r']

/** Do something to the lines of a text, whatever its bytes mean. */
const toLines =
  (change: (lines: string[], draw: Draw) => readonly string[]) =>
  (given: RoughFile, draw: Draw): RoughFile => {
    const lines = given.content.toString('latin1').split('\n')
    return { ...given, content: Buffer.from(change(lines, draw).join('\n'), 'latin1') }
  }

/** Do something to the cells of every line. */
const toCells = (change: (cells: string[], line: number, draw: Draw) => readonly string[]) =>
  toLines((lines, draw) => {
    const most = Math.max(...[',', ';', '\t'].map((one) => (lines[0] ?? '').split(one).length))
    const delimiter = [',', ';', '\t'].find((one) => (lines[0] ?? '').split(one).length === most) ?? ','
    const chosen = draw(1 << 30)
    return lines.map((line, at) =>
      line === '' ? line : change(line.split(delimiter), at, drawing(chosen)).join(delimiter),
    )
  })

const toBytes =
  (change: (bytes: Buffer, draw: Draw) => Buffer) =>
  (given: RoughFile, draw: Draw): RoughFile => ({ ...given, content: change(Buffer.from(given.content), draw) })

const inserted = (list: readonly string[], at: number, ...more: string[]) => [
  ...list.slice(0, at),
  ...more,
  ...list.slice(at),
]

function flipped(bytes: Buffer, draw: Draw): Buffer {
  for (let times = 1 + draw(8); times > 0 && bytes.length > 0; times -= 1) {
    const at = draw(bytes.length)
    bytes[at] = (bytes[at] as number) ^ (1 << draw(8))
  }
  return bytes
}

/** Names of entries that lead out of an archive's folder, or to where no file can be. */
const strayNames = [
  '../escaped.csv',
  '../../../../escaped.csv',
  '/tmp/escaped.csv',
  'C:\\escaped.csv',
  'a/../../escaped.csv',
]
const oddNames = ['con.csv', 'a:b.csv', `${'n'.repeat(200)}.csv`, 'a\nb.csv', "q'uote.csv", 'x.zip', 'a/', '', 'é.csv']

/** What may become of a file on its way. Each takes its draws in a fixed order, so that a number names what it did. */
const roughening = {
  'cut short': toBytes((bytes, draw) => bytes.subarray(0, draw(bytes.length + 1))),
  'begun late': toBytes((bytes, draw) => bytes.subarray(draw(bytes.length + 1))),
  'bits flipped': toBytes(flipped),
  'bytes doubled': toBytes((bytes, draw) => {
    const at = draw(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + 1 + draw(40)), bytes.subarray(at)])
  }),
  emptied: toBytes(() => Buffer.alloc(0)),
  'a null byte': toBytes((bytes, draw) => {
    if (bytes.length > 0) bytes[draw(bytes.length)] = 0
    return bytes
  }),
  'another line end': toLines((lines, draw) => [lines.join(lineEnds[1 + draw(2)])]),
  'mixed line ends': toLines((lines, draw) => [lines.map((line) => line + (lineEnds[draw(3)] ?? '')).join('')]),
  'a blank line': toLines((lines, draw) => inserted(lines, draw(lines.length), ['', ' ', '\t', ','][draw(4)] ?? '')),
  'a line of notes': toLines((lines, draw) => inserted(lines, draw(lines.length), 'Source: office; own work')),
  'the header again': toLines((lines, draw) => inserted(lines, draw(lines.length), lines[0] ?? '')),
  'a line twice': toLines((lines, draw) => {
    const at = draw(lines.length)
    return inserted(lines, at, lines[at] ?? '')
  }),
  'a line lost': toLines((lines, draw) => {
    const at = draw(lines.length)
    return lines.filter((_, place) => place !== at)
  }),
  'lines out of order': toLines((lines, draw) => {
    const at = draw(lines.length)
    return [...lines.slice(0, 1), ...lines.slice(at + 1), ...lines.slice(1, at + 1)]
  }),
  'a cell of odd notation': toLines((lines, draw) => {
    const at = draw(lines.length)
    const parts = (lines[at] ?? '').split(',')
    parts[draw(parts.length)] = Buffer.from(cells[draw(cells.length)] ?? '').toString('latin1')
    return lines.map((line, place) => (place === at ? parts.join(',') : line))
  }),
  'a column of odd notation': toCells((parts, line, draw) => {
    const at = draw(parts.length)
    const cell = Buffer.from(cells[draw(cells.length)] ?? '').toString('latin1')
    return line === 0 ? parts : parts.map((part, place) => (place === at ? cell : part))
  }),
  'a huge field': toLines((lines, draw) => {
    const at = draw(lines.length)
    const parts = (lines[at] ?? '').split(',')
    parts[draw(parts.length)] = '9'.repeat([300, 5000, 70_000, 400_000][draw(4)] ?? 0)
    return lines.map((line, place) => (place === at ? parts.join(',') : line))
  }),
  'columns swapped': toCells((parts, _, draw) => {
    const [one, other] = [draw(parts.length), draw(parts.length)]
    const swapped = [...parts]
    swapped[one] = parts[other] ?? ''
    swapped[other] = parts[one] ?? ''
    return swapped
  }),
  'a column lost': toCells((parts, _, draw) => {
    const at = draw(parts.length)
    return parts.filter((_one, place) => place !== at)
  }),
  'a column twice': toCells((parts, _, draw) => {
    const at = draw(parts.length)
    return inserted(parts, at, parts[at] ?? '')
  }),
  'headers swapped': toCells((parts, line, draw) => {
    const [one, other] = [draw(parts.length), draw(parts.length)]
    return line > 0
      ? parts
      : parts.map((part, at) => (at === one ? (parts[other] ?? '') : at === other ? (parts[one] ?? '') : part))
  }),
  'a quotation mark': toLines((lines, draw) => {
    const text = lines.join('\n')
    const at = draw(text.length)
    return [text.slice(0, at) + '"'.repeat(1 + draw(3)) + text.slice(at)]
  }),
  'another delimiter': toLines((lines, draw) =>
    lines.map((line) => line.replaceAll(',', [';', '\t', '|', ', '][draw(4) % 4] ?? ';')),
  ),
  'a mark before it': toBytes((bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes])),
  'UTF-16': toBytes((bytes, draw) => {
    const wide = Buffer.from(`${draw(4) > 0 ? '\ufeff' : ''}${bytes.toString('utf8')}`, 'utf16le')
    return draw(2) === 0 ? wide : wide.swap16()
  }),
  'letters of Latin-1': toBytes((bytes) => Buffer.from(bytes.toString('latin1').replace(/[ae]/g, 'é'), 'latin1')),
  gzip: (given: RoughFile, draw: Draw) => ({
    ...given,
    content: gzipSync(given.content),
    file: draw(2) === 0 ? `${given.file}.gz` : given.file,
  }),
  'a damaged gzip': toBytes((bytes, draw) => {
    const packed = gzipSync(bytes)
    return draw(2) === 0 ? flipped(packed, draw) : packed.subarray(0, draw(packed.length))
  }),
  'an archive': (given: RoughFile, draw: Draw) => ({
    ...given,
    content: zip({
      name: draw(4) === 0 ? (oddNames[draw(oddNames.length)] ?? '') : given.file,
      content: given.content,
    }),
    file: draw(2) === 0 ? 'case.zip' : given.file,
  }),
  'a damaged archive': toBytes((bytes, draw) => {
    const packed = zip({ name: 'a.csv', content: bytes }, { name: 'b.csv', content: bytes })
    return draw(2) === 0 ? flipped(packed, draw) : packed.subarray(0, draw(packed.length))
  }),
  'an archive that leads out': (given: RoughFile, draw: Draw) => ({
    ...given,
    content: zip(
      { name: strayNames[draw(strayNames.length)] ?? '', content: given.content },
      { name: 'a.csv', content: given.content },
    ),
    file: 'case.zip',
  }),
  'an archive that lies': (given: RoughFile, draw: Draw) => ({
    ...given,
    content: zip({ name: 'a.csv', content: given.content, claims: [0, 1, 60_000_000, 4_294_967_295][draw(4)] ?? 0 }),
  }),
  'a stream of deflate': toBytes((bytes) => deflateRawSync(bytes)),
  'another name': (given: RoughFile, draw: Draw) => ({
    ...given,
    file: `case${['.csv', '.CSV', '.json', '.parquet', '.xlsx', '.txt', '.gz', '.zip', '', '.pdf', ".q'uote.csv", ' .csv'][draw(12)] ?? ''}`,
  }),
  nothing: (given: RoughFile) => given,
} as const satisfies Record<string, (given: RoughFile, draw: Draw) => RoughFile>

export type Roughening = keyof typeof roughening

/** What nearly always leaves nothing to read: it comes last and more rarely, so that rows are counted as well. */
const harsh: ReadonlySet<string> = new Set<Roughening>([
  'cut short',
  'begun late',
  'bits flipped',
  'emptied',
  'a null byte',
  'another line end',
  'mixed line ends',
  'a column lost',
  'headers swapped',
  'UTF-16',
  'a damaged gzip',
  'a damaged archive',
  'an archive that leads out',
  'an archive that lies',
  'a stream of deflate',
])
const names = (wanted: boolean) =>
  (Object.keys(roughening) as Roughening[]).filter((name) => harsh.has(name) === wanted) as [
    Roughening,
    ...Roughening[],
  ]

/** A seed by its name and what becomes of it: small enough to be kept as a line, and enough to make the file again. */
export interface RoughCase {
  readonly seed: string
  readonly changes: readonly { readonly what: Roughening; readonly draw: number }[]
}

const changeOf = (which: readonly [Roughening, ...Roughening[]]) =>
  fc.record({ what: fc.constantFrom(...which), draw: fc.nat(1_000_000) })

/** Cases on these seeds. */
export const roughCases = (seedNames: readonly string[]): fc.Arbitrary<RoughCase> =>
  fc
    .record({
      seed: fc.constantFrom(...seedNames),
      gentle: fc.array(changeOf(names(false)), { minLength: 1, maxLength: 3 }),
      harsh: fc.option(changeOf(names(true)), { freq: 2 }),
    })
    .map(({ seed, gentle, harsh: last }) => ({ seed, changes: last ? [...gentle, last] : gentle }))

/** The file of a case. */
export function roughFile(seed: RoughFile, { changes }: RoughCase): RoughFile {
  return changes.reduce((file, { what, draw }) => roughening[what](file, drawing(draw)), seed)
}
