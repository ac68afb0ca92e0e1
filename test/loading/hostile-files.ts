import { gzipSync } from 'node:zlib'

const header = 'year,importer,exporter,product,value,mass,note'
const good = '2022,USA,CHN,850650,100,5,a'
const other = '2022,USA,JPN,850650,50,5,b'
const table = (...rows: string[]) => `${[header, ...rows].join('\n')}\n`
const value = (text: string) => table(good, `2022,USA,JPN,850650,${text},5,b`)
const mass = (text: string) => table(good, `2022,USA,JPN,850650,50,${text},b`)
const product = (text: string) => table(good, `2022,USA,JPN,${text},50,5,b`)
const period = (text: string) => table(good, `${text},USA,JPN,850650,50,5,b`)
const note = (text: string) => table(good, `2022,USA,JPN,850650,50,5,${text}`, '2022,USA,KOR,850650,-1,5,c')
const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
const oneBit = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] as number) ^ 0x10
  return copy
}
const packed = gzipSync(table(good, other))
const two = table(good, other)
const json = (rows: object[]) => JSON.stringify(rows)
const record = { year: '2022', importer: 'USA', exporter: 'CHN', product: '850650', value: '100', mass: '5' }

/** Rows in, kept, aside and rejected. */
type Rows = readonly [number, number, number, number]
export interface Loads {
  readonly rows: Rows
  /** Lines and reasons of the rejects, in the order of the lines. */
  readonly rejects?: readonly (readonly [number | null, RegExp])[]
  readonly value?: string
  readonly encoding?: string
}
export type HostileFile = readonly [
  name: string,
  content: string | Buffer,
  expected: Loads | RegExp,
  file?: string,
  more?: string,
]

const whole = (kept: number, more: Omit<Loads, 'rows'> = {}): Loads => ({ rows: [kept, kept, 0, 0], ...more })
const oneBad = (reason: RegExp, line = 3): Loads => ({ rows: [2, 1, 0, 1], rejects: [[line, reason]] })

const encodings: HostileFile[] = [
  ['UTF-8', two, whole(2, { encoding: 'utf-8' })],
  ['UTF-8 with a mark', `\ufeff${two}`, whole(2)],
  [
    'Latin-1',
    Buffer.from(table(good, '2022,USA,JPN,850650,50,5,Côte'), 'latin1'),
    whole(2, { encoding: 'windows-1252' }),
  ],
  ['UTF-16LE', Buffer.from(`\ufeff${two}`, 'utf16le'), whole(2, { encoding: 'utf-16le' })],
  ['UTF-16BE', utf16be(two), whole(2, { encoding: 'utf-16be' })],
  ['UTF-16LE without a mark', Buffer.from(two, 'utf16le'), /line 1.*null byte.*UTF-8/],
  [
    'UTF-16LE cut within a character',
    Buffer.from(`\ufeff${two}\u00e9`, 'utf16le').subarray(0, -1),
    { rows: [3, 2, 0, 1] },
  ],
  [
    'a character across the block of a megabyte',
    table(good, `2022,USA,JPN,850650,50,5,${'é'.repeat(530_000)}`),
    whole(2, { encoding: 'utf-8' }),
  ],
  ['null bytes', two.replace('JPN', 'J\0N'), /line 3.*null byte.*Export/],
  ['only spaces', '   \n  \n', /line 1/],
  ['empty file', '', /empty/],
  ['only a mark', '\ufeff', /empty|line 1/],
  ['one line without an end', header, /none can be kept|no rows/],
]

const shapes: HostileFile[] = [
  ['semicolons', two.replaceAll(',', ';'), whole(2)],
  ['tabs', two.replaceAll(',', '\t'), whole(2)],
  ['bars', two.replaceAll(',', '|'), whole(2)],
  ['one column', 'value\n5\n', /line 1.*only one column.*needs/],
  ['header only', `${header}\n`, /none can be kept|no rows/],
  ['no newline at the end', two.trimEnd(), whole(2)],
  ['CRLF', two.replaceAll('\n', '\r\n'), whole(2)],
  ['CRLF, bad row', value('x').replaceAll('\n', '\r\n'), oneBad(/not a number/)],
  ['CR alone', two.replaceAll('\n', '\r'), whole(2)],
  ['CRLF in the header, LF in the rows', two.replace('\n', '\r\n'), /line ends.*save it again/],
  [
    'column order',
    'mass,value,product,exporter,importer,year\n5,100,850650,CHN,USA,2022\n',
    whole(1, { value: '100' }),
  ],
  ['quoted header', two.replace(header, header.replace(/[a-z]+/g, '"$&"')), whole(2)],
  ['spaces around column names', two.replace(header, header.replaceAll(',', ' , ')), whole(2)],
  ['column names in capitals', two.replace(header, header.toUpperCase()), whole(2)],
  ['missing column', two.replace('exporter', 'exporting'), /line 1.*exporter/],
  ['unused columns', two.replaceAll(/(.)\n/g, '$1,1,2,3\n'), whole(2)],
  ['two columns of a used name', `${header},value\n${good},7\n`, /line 1.*two columns.*value.*Rename/],
  ['two columns of an unused name', `${header},note\n${good},7\n`, whole(1)],
  [
    '10,000 columns',
    `${header},${Array.from({ length: 9993 }, (_, index) => `x${index}`).join(',')}\n`,
    /line 1.*10000 columns.*at most/,
  ],
  ['row too short', table(good, '2022,USA', other), { rows: [3, 2, 0, 1], rejects: [[3, /fewer columns/]] }],
  [
    'row too long',
    table(good, `${other},x,y`, other.replace('JPN', 'KOR')),
    { rows: [3, 2, 0, 1], rejects: [[3, /more columns/]] },
  ],
  [
    'short row behind a quoted newline',
    table(good, `${other.slice(0, -1)}"x\ny"`, '2022,USA'),
    { rows: [3, 2, 0, 1], rejects: [[5, /fewer columns/]] },
  ],
  [
    'torn rows and unreadable rows together',
    table('2022', good, '2022,USA,KOR,850650,?,5,c', '1,2,3', '', '2022,USA,DEU,850650,-2,5,c'),
    {
      rows: [5, 1, 0, 4],
      rejects: [
        [2, /fewer/],
        [4, /not a number/],
        [5, /fewer/],
        [7, /negative/],
      ],
    },
  ],
  [
    'blank lines',
    table('', good, '', '', '2022,USA,JPN,850650,x,5,b', ''),
    { rows: [2, 1, 0, 1], rejects: [[6, /not a number/]] },
  ],
  [
    'blank lines with CRLF',
    table('', good, '', '2022,USA,JPN,850650,x,5,b').replaceAll('\n', '\r\n'),
    { rows: [2, 1, 0, 1], rejects: [[5, /not a number/]] },
  ],
  ['blank line before the header', `\n${two}`, /line 1/],
  ['quoted newlines', note('"first\nsecond\n\nfourth"'), { rows: [3, 2, 0, 1], rejects: [[7, /negative/]] }],
  [
    'quoted newlines with CRLF',
    note('"first\nsecond"').replaceAll('\n', '\r\n'),
    { rows: [3, 2, 0, 1], rejects: [[5, /negative/]] },
  ],
  ['quoted delimiters', note('"a,b;c|d"'), { rows: [3, 2, 0, 1], rejects: [[4, /negative/]] }],
  ['doubled quotes', note('"says ""so"""'), { rows: [3, 2, 0, 1], rejects: [[4, /negative/]] }],
  ['SQL in a field', note(`"'; drop table report; --"`), { rows: [3, 2, 0, 1], rejects: [[4, /negative/]] }],
  ['a spreadsheet formula in a field', note(`=cmd|' /C calc'!A0`), { rows: [3, 2, 0, 1], rejects: [[4, /negative/]] }],
  ['a field of a megabyte', note('x'.repeat(1_000_000)), { rows: [3, 2, 0, 1], rejects: [[4, /negative/]] }],
  ['a field of three megabytes', note('x'.repeat(3_000_000)), /line 3.*longer/],
  ['a header of two megabytes', `${'x'.repeat(1_500_000)},b\n1,2\n`, /line 1/],
  ['unclosed quote in the last row', note('"open'), { rows: [2, 1, 0, 1], rejects: [[3, /not closed|quotation/]] }],
  ['quotation marks within a plain field', note('6"" pipe'), { rows: [3, 2, 0, 1], rejects: [[4, /negative/]] }],
  [
    'text behind a closing quotation mark',
    note('"6" pipe'),
    {
      rows: [3, 1, 0, 2],
      rejects: [
        [3, /quotation/],
        [4, /negative/],
      ],
    },
  ],
  [
    'torn rows with CRLF, blank lines and quoted newlines',
    table(
      '',
      '1',
      good,
      '',
      '2022,"U\nS"',
      `${other.slice(0, -1)}"x\ny"`,
      '',
      '1,2',
      '2022,USA,KOR,850650,-1,5,c',
    ).replaceAll('\n', '\r\n'),
    {
      rows: [6, 2, 0, 4],
      rejects: [
        [3, /fewer/],
        [6, /fewer/],
        [11, /fewer/],
        [12, /negative/],
      ],
    },
  ],
  ['a header repeated among the rows', table(good, header, other), { rows: [3, 2, 0, 1], rejects: [[3, /period/]] }],
  ['a footer of notes', table(good, other, 'Source: office'), { rows: [3, 2, 0, 1], rejects: [[4, /fewer columns/]] }],
]

const fields: HostileFile[] = [
  ['decimal comma', two.replaceAll(',', ';').replace('50;5;b', '50,5;5;b'), oneBad(/decimal point/)],
  ['thousands separator', value('"1,000"'), oneBad(/decimal point/)],
  ['thousands spaces', value('1 000'), oneBad(/decimal point/)],
  ['1e400', value('1e400'), oneBad(/too large/)],
  ['1e15', value('1e15'), whole(2, { value: '1000000000000100' })],
  ['a value of fifteen digits', value('999999999999999'), whole(2, { value: '1000000000000099' })],
  ['nine quadrillion twice over', value('9e18'), oneBad(/too large/)],
  ['NaN', value('NaN'), oneBad(/not a number|no value/)],
  ['inf', value('inf'), oneBad(/not a number/)],
  ['a negative value', value('-1'), oneBad(/negative/)],
  ['float noise', value('65034.00000000001'), whole(2, { value: '65134' })],
  ['scientific notation', value('5.0e1'), whole(2, { value: '150' })],
  ['underscore among digits', value('1_000'), oneBad(/not a number/)],
  ['hexadecimal', value('0x10'), oneBad(/not a number/)],
  ['a truth value', value('true'), oneBad(/not a number/)],
  ['a value with a currency sign', value('$5'), oneBad(/not a number/)],
  ['a plus sign', value('+5'), whole(2, { value: '105' })],
  ['a point before the digits', value('.5'), whole(2)],
  ['digits of another script', value('٥٠'), oneBad(/not a number/)],
  ['a hard space around the value', value('50\u00a0'), whole(2, { value: '150' })],
  ['spaces around fields', table(good, '  2022 , USA , JPN , 850650 , 50 , 5 , b'), whole(2, { value: '150' })],
  ['tabs around fields', table(good, '2022,USA,\tJPN\t,850650,50\t,5,b'), /JPN.*--keep-unmapped/],
  ['no value', value(''), oneBad(/no value/)],
  ['value NA', value('NA'), oneBad(/no value/)],
  ['value zero', value('0'), whole(2, { value: '100' })],
  ['mass NA', mass('NA'), whole(2)],
  ['mass of words', mass('many'), oneBad(/mass is not a number/)],
  ['mass negative', mass('-4'), oneBad(/mass is negative/)],
  ['mass 1e21', mass('1e21'), oneBad(/mass/)],
  ['mass 1e30', mass('1e30'), oneBad(/mass/)],
  ['mass infinite', mass('inf'), oneBad(/mass/)],
  ['year 0', period('0'), oneBad(/period/)],
  ['year 0000', period('0000'), oneBad(/period/)],
  ['month 13', period('202213'), oneBad(/period/)],
  ['a month in a table of years', period('202212'), oneBad(/month/)],
  ['a year of three digits', period('202'), oneBad(/period/)],
  ['a negative year', period('-2022'), oneBad(/period/)],
  ['a year of words', period('last'), oneBad(/period/)],
  ['a year with a fraction', period('2022.0'), oneBad(/period/)],
  ['a year in exponents', period('2e03'), oneBad(/period/)],
  ['no importer', table(good, '2022,,JPN,850650,50,5,b'), oneBad(/no importer/)],
  ['no exporter', table(good, '2022,USA,,850650,50,5,b'), oneBad(/no exporter/)],
  ['an importer with a quote', table(good, `2022,U'SA,JPN,850650,50,5,b`), /U'SA.*--keep-unmapped/],
  ['an importer that is a formula', table(good, `2022,=1+1,JPN,850650,50,5,b`), /=1\+1.*--keep-unmapped/],
  ['lost leading zero', product('10121'), oneBad(/leading zero/)],
  ['a product of words', product('lithium'), oneBad(/code of digits/)],
  ['a product with SQL', product(`"'; drop table report; --"`), oneBad(/code of digits/)],
  ['a product in exponents', product('8.5E+05'), oneBad(/code of digits/)],
  ['no product', product(''), oneBad(/no product/)],
  ['twelve digits', product('850650101010'), oneBad(/odd length/)],
  ['HS4 beside HS6', product('8506'), { rows: [2, 1, 1, 0] }],
  ['a leading zero kept', product('010121'), whole(2)],
  ['the total', product('TOTAL'), whole(2)],
  [
    'more rows than the reader takes at once',
    table(
      ...Array.from({ length: 5000 }, (_, at) => `2022,USA,CHN,${100000 + at},1,1,"a\nb"`),
      '2022,USA,CHN,999999,x,1,c',
    ),
    { rows: [5001, 5000, 0, 1], rejects: [[10_002, /not a number/]] },
  ],
]

export const iso2 = 'year,importer,exporter,product,value,mass\n2022,NA,US,850650,100,NA\n'
const files: HostileFile[] = [
  ['NA of ISO 2 is Namibia', iso2, { rows: [1, 1, 0, 0] }, 'case.csv', 'codes: iso2'],
  ['JSON', json([record, { ...record, exporter: 'JPN' }]), whole(2), 'case.json'],
  ['JSON with numbers', json([{ ...record, year: 2022, value: 100.25, mass: null }]), whole(1), 'case.json'],
  [
    'JSON, a row that cannot be read',
    json([record, { ...record, value: '-1' }]),
    { rows: [2, 1, 0, 1], rejects: [[null, /negative/]] },
    'case.json',
  ],
  ['JSON cut short', json([record, record]).slice(0, -20), /JSON|json/, 'case.json'],
  ['JSON without the columns', json([{ a: 1 }]), /exporter|importer|year/, 'case.json'],
  ['JSON that is an empty list', '[]', /json|column|none can be kept/, 'case.json'],
  ['gzip', packed, whole(2), 'case.csv.gz'],
  ['gzip under a plain name', packed, whole(2)],
  ['gzip cut short', packed.subarray(0, packed.length - 12), /gzip.*fetch it again/, 'case.csv.gz'],
  ['gzip with a flipped bit', oneBit(packed, 40), /gzip.*fetch it again/, 'case.csv.gz'],
  ['gzip with nothing in it', gzipSync(''), /empty/, 'case.csv.gz'],
  ['gzip that is a bomb', gzipSync(Buffer.alloc(60_000_000, 65)), /unpacks.*refused/, 'case.csv.gz'],
  ['gzip within gzip', gzipSync(packed), /archive|null byte|unpack/, 'case.csv.gz'],
  ['Parquet of garbage', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(100, 7)]), /parquet/, 'case.parquet'],
  ['text under the name of Parquet', two, /no Parquet file.*PAR1/, 'case.parquet'],
  ['PDF', '%PDF-1.7\nobj', /PDF.*CSV/, 'case.pdf'],
  ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), /null byte/, 'case.csv'],
  ['a spreadsheet', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(60)]), /zip/, 'case.xlsx'],
  ['HTML', '<!doctype html><html>\n<body>503, try later</body></html>\n', /line 1/, 'case.csv'],
]

/** Files as they come from people and machines that go wrong, each with its account or its refusal. */
export const hostileFiles: readonly HostileFile[] = [...encodings, ...shapes, ...fields, ...files]

/** The mapping that hostile files are read by. */
export const hostileMapping = (more = 'codes: iso3'): string =>
  `frequency: year\ncurrency: USD\nside: importer\n${more}\ncolumns: {period: year, importer: importer, exporter: exporter, product: product, value: value, mass: mass}\n`
