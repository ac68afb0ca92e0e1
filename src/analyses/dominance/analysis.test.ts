import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { librariesHolding, temporaryHome } from '../../../test/engines.ts'
import { type Chokepoint, open } from '../../index.ts'
import { herfindahl, reallocate } from '../../measures/market.ts'

const rest = {
  market: 'RUS',
  segment: 'base stations',
  measure: 'base',
  period_start: '2021',
  period_end: '2021',
  basis: 'installed',
}
const source = { source: 'an analyst', source_kind: 'analyst', certainty: 'C' }

describe('dominance of vendors', async () => {
  const home = await temporaryHome()
  let chokepoint: Chokepoint
  beforeAll(async () => {
    chokepoint = await open({ home })
  })
  afterAll(() => chokepoint.close())

  async function holding(name: string, vendors: readonly Record<string, unknown>[]) {
    await mkdir(join(home, 'files'), { recursive: true })
    const file = join(home, 'files', `${name}.csv`)
    await writeFile(
      file,
      stringify(
        vendors.map((one) => ({ jurisdiction: '', members: '', ...rest, ...source, ...one })),
        { header: true },
      ),
    )
    await chokepoint.load([file], { as: name })
    return async (given: object) => {
      const answer = await chokepoint.ask('dominance', { dataset: name, ...given })
      return { answer, rows: await answer.rows() }
    }
  }

  const illustrated = [
    { vendor: 'Ericsson', share: '0.22' },
    { vendor: 'Nokia', share: '0.24' },
    { vendor: 'Huawei', share: '0.36' },
    { vendor: 'ZTE', share: '0.06' },
    { vendor: 'Domestic', share: '0.12' },
  ]
  const shares = (rows: readonly { supplier: string; exit: string; share_after: number | null }[]) =>
    Object.fromEntries(
      rows.filter((row) => row.exit === 'Ericsson+Nokia').map((row) => [row.supplier, row.share_after]),
    )

  test('DOM1: in proportion Huawei comes to two thirds, and the index from 0.2536 to 0.5062', async () => {
    const ask = await holding('proportional', illustrated)
    const { rows } = await ask({ exit: ['Ericsson', 'Nokia'], rule: 'proportional' })
    const after = shares(rows)
    expect(after['Huawei']).toBeCloseTo(2 / 3, 12)
    expect(after['ZTE']).toBeCloseTo(1 / 9, 12)
    expect(after['Domestic']).toBeCloseTo(2 / 9, 12)
    expect(rows[0]?.hhi_before).toBeCloseTo(0.2536, 12)
    expect(rows[0]?.hhi_after).toBeCloseTo(0.506172839506173, 12)
    expect(rows[0]?.hhi_change).toBeCloseTo(0.506172839506173 - 0.2536, 12)
  })

  test('DOM1: nested, the global three keep more of their custom the smaller the dissimilarity', async () => {
    const ask = await holding('nested', illustrated)
    for (const [dissimilarity, huawei, index] of [
      [1, 0.6666666666666666, 0.506172839506173],
      [0.5, 0.7511485559669555, 0.5986280649075377],
      [0.1, 0.8075280649172807, 0.672682378848207],
    ] as const) {
      const { rows } = await ask({
        exit: ['Ericsson', 'Nokia'],
        rule: 'nested',
        nest: ['Ericsson+Nokia+Huawei'],
        dissimilarity,
      })
      expect(shares(rows)['Huawei']).toBeCloseTo(huawei, 12)
      expect(rows[0]?.hhi_after).toBeCloseTo(index, 12)
    }
  })

  test('DOM1: capped, a twentieth is served by nobody, and the index is of what is served', async () => {
    const ask = await holding('capped', illustrated)
    const cap = ['Huawei:0.60', 'ZTE:0.15', 'Domestic:0.20']
    const { rows } = await ask({ exit: ['Ericsson', 'Nokia'], rule: 'capped', cap })
    expect(shares(rows)).toEqual({
      Huawei: expect.closeTo(0.6, 12),
      Domestic: expect.closeTo(0.2, 12),
      ZTE: expect.closeTo(0.15, 12),
    })
    expect(rows[0]?.unmet).toBeCloseTo(0.05, 12)
    expect(rows[0]?.hhi_after).toBeCloseTo(0.4681440443213296, 12)
    await expect(ask({ exit: ['Nokia'], rule: 'capped' })).rejects.toThrow('--cap Huawei:0.6')
  })

  test('each exit alone stands beside all together', async () => {
    const ask = await holding('alone', illustrated)
    const { rows } = await ask({ exit: ['Ericsson', 'Nokia'], rule: 'proportional' })
    expect([...new Set(rows.map((row) => row.exit))]).toEqual(['Ericsson+Nokia', 'Ericsson', 'Nokia'])
    expect(rows.find((row) => row.exit === 'Nokia' && row.supplier === 'Huawei')?.share_after).toBeCloseTo(
      0.36 / 0.76,
      12,
    )
  })

  test('DOM4: the probability of passing a threshold is the exact tail of a Beta distribution', async () => {
    const ask = await holding('tail', illustrated)
    for (const [precision, threshold, p] of [
      [10, 0.5, 0.8669426087903933],
      [10, 0.7, 0.44183607005429026],
      [10, 0.8, 0.18759980636092338],
      [50, 0.5, 0.9918163650880029],
      [50, 0.7, 0.3180539093799264],
      [50, 0.8, 0.01528334786780214],
      [200, 0.5, 0.9999990784660832],
      [200, 0.7, 0.1585366709226901],
      [200, 0.8, 5.602691715253265e-6],
    ] as const) {
      const { rows } = await ask({ exit: ['Ericsson', 'Nokia'], rule: 'proportional', precision, threshold })
      expect(Math.abs((rows[0]?.p_above as number) - p)).toBeLessThan(1e-8)
    }
  })

  test('DOM5: with shifts of taste it is the tail of a logit-normal', async () => {
    const ask = await holding('taste', illustrated)
    for (const [taste_sd, p] of [
      [0.25, 0.2687484002328563],
      [0.5, 0.3789265157737694],
      [1, 0.43874546453312796],
    ] as const) {
      const { rows } = await ask({ exit: ['Ericsson', 'Nokia'], rule: 'proportional', taste_sd, threshold: 0.7 })
      expect(Math.abs((rows[0]?.p_above as number) - p)).toBeLessThan(1e-8)
      expect(rows[0]?.p_any).toBeNull()
    }
  })

  test('what nobody can serve passes no threshold: of a single seller, any is that seller', async () => {
    const ask = await holding('single', illustrated)
    const { rows } = await ask({
      exit: ['Domestic', 'Ericsson', 'Nokia', 'ZTE'],
      rule: 'capped',
      cap: ['Huawei:0.45'],
      threshold: 0.4,
      precision: 10,
    })
    const together = rows.filter((row) => row.exit === 'Domestic+Ericsson+Nokia+ZTE')
    const [huawei] = together
    expect(huawei).toMatchObject({ supplier: 'Huawei', share_after: 0.45, unmet: expect.closeTo(0.55, 12) })
    expect(huawei?.p_any).toBeCloseTo(huawei?.p_above as number, 12)
    expect(huawei?.p_any as number).toBeLessThan(0.9)
  })

  test('the probability that any passes adds up from one half on, and is drawn with the seed below it', async () => {
    const ask = await holding('any', illustrated)
    const any = async (given: object) =>
      (await ask({ exit: ['Ericsson', 'Nokia'], rule: 'proportional', precision: 10, ...given })).rows.filter(
        (row) => row.exit === 'Ericsson+Nokia',
      )
    const exact = await any({ threshold: 0.5 })
    expect(exact[0]?.p_any).toBeCloseTo(
      exact.reduce((sum, row) => sum + (row.p_above ?? 0), 0),
      12,
    )
    const drawn = await any({ threshold: 0.4, seed: 7 })
    // Two may pass 0.4 together, so the sum of the single probabilities bounds it from above and the largest from below.
    const single = drawn.map((row) => row.p_above as number)
    expect(drawn[0]?.p_any as number).toBeLessThanOrEqual(single.reduce((sum, p) => sum + p, 0) + 0.01)
    expect(drawn[0]?.p_any as number).toBeGreaterThanOrEqual(Math.max(...single) - 0.01)
    expect((await any({ threshold: 0.4, seed: 7 }))[0]?.p_any).toBe(drawn[0]?.p_any)
  })

  test('of three that serve a whole market one is always above 0.3, however little is known of their shares', async () => {
    const ask = await holding('barely-known', [
      { vendor: 'Huawei', share: '0.4' },
      { vendor: 'ZTE', share: '0.24' },
      { vendor: 'Domestic', share: '0.16' },
      { vendor: 'Nokia', share: '0.2' },
    ])
    for (const precision of [10, 0.005, 0.001, 1e-9]) {
      const { rows } = await ask({ exit: ['Nokia'], rule: 'proportional', threshold: 0.3, precision })
      expect(rows.find((row) => row.exit === 'Nokia')?.p_any).toBe(1)
    }
    // Where next to nothing is known a seller has all or nothing: it passes as often as its share says.
    const { rows } = await ask({
      exit: ['Huawei', 'ZTE'],
      rule: 'capped',
      cap: ['Nokia:0.3', 'Domestic:0.3'],
      threshold: 0.25,
      precision: 1e-6,
    })
    const any = rows.find((row) => row.exit === 'Huawei+ZTE')?.p_any as number
    expect(Math.abs(any - 0.6)).toBeLessThan(0.01)
  })

  describe('while it draws', async () => {
    const vendors = Array.from({ length: 40 }, (_, place) => ({ vendor: `Vendor ${place}`, share: '0.025' }))
    const exit = ['Vendor 0', 'Vendor 1', 'Vendor 2']
    const asked = { dataset: 'many', exit, threshold: 0.05, precision: 1 }
    beforeAll(() => holding('many', vendors))

    test('others have their turn', async () => {
      const from = performance.now()
      let [last, pause] = [from, 0]
      const beat = setInterval(() => {
        pause = Math.max(pause, performance.now() - last)
        last = performance.now()
      }, 1)
      await chokepoint.ask('dominance', asked)
      pause = Math.max(pause, performance.now() - last)
      clearInterval(beat)
      expect(pause).toBeLessThan((performance.now() - from) / 2)
    })

    test('it ends with whoever asked, and with the time that a question may take', async () => {
      const given = chokepoint.ask('dominance', asked, { signal: AbortSignal.timeout(200) })
      await expect(given).rejects.toMatchObject({ name: 'TimeoutError' })
      await using limited = await open({ home, limits: { seconds: 0.2 } })
      await expect(limited.ask('dominance', asked)).rejects.toMatchObject({ kind: 'refused', code: 'engine/time' })
    })
  })

  test('VEN1: a fifth unallocated bounds the index to 0.245 and 0.445, with 0.285 as one more vendor', async () => {
    const ask = await holding('installed', [
      { vendor: 'Huawei', share: 'about 0.40', jurisdiction: 'CHN' },
      { vendor: 'Ericsson', share: 'about 0.25', jurisdiction: 'SWE' },
      { vendor: 'Nokia', share: 'about 0.15', jurisdiction: 'FIN' },
    ])
    const { rows, answer } = await ask({ exit: ['Nokia', 'Ericsson'], rule: 'proportional' })
    const huawei = rows.find((row) => row.supplier === 'Huawei' && row.exit === 'Nokia+Ericsson')
    expect(huawei?.hhi_before).toBeCloseTo(0.285, 12)
    expect(huawei?.hhi_before_low).toBeCloseTo(0.245, 12)
    expect(huawei?.hhi_before_high).toBeCloseTo(0.445, 12)
    expect(huawei).toMatchObject({
      share_after: expect.closeTo(2 / 3, 12),
      share_after_high: expect.closeTo(1, 12),
      certainty: 'C',
    })
    expect(huawei?.hhi_after_low).toBeCloseTo(4 / 9, 12)
    expect(huawei?.hhi_after).toBeCloseTo(5 / 9, 12)
    expect(huawei?.hhi_after_high).toBeCloseTo(1, 12)
    expect(await answer.headline()).toContain('Huawei would hold 66.7 % (up to 100.0 %')
  })

  test('VEN2: sources that disagree stay side by side; one that names only those that leave says nothing of who stays', async () => {
    const ask = await holding('sources', [
      { vendor: 'Huawei', share: '0.40' },
      { vendor: 'Nokia', share: '0.20' },
      { vendor: 'Ericsson', share: '0.20' },
      { vendor: 'Nokia+Ericsson', share: '0.50-0.60', source: 'another', certainty: 'D' },
    ])
    const { rows } = await ask({ exit: ['Nokia+Ericsson'], rule: 'proportional' })
    expect(rows.map((row) => [row.source, row.supplier, row.share_after_low, row.certainty])).toEqual([
      ['an analyst', 'Huawei', expect.closeTo(2 / 3, 12), 'C'],
      ['an analyst', 'X-UNALLOCATED', expect.closeTo(1 / 3, 12), 'C'],
      ['another', 'X-UNALLOCATED', 1, 'D'],
    ])
    expect(rows.at(-1)).toMatchObject({ hhi_before: null, hhi_after_low: 0, hhi_after_high: 1 })
    await expect(ask({ exit: ['Nokia'] })).rejects.toThrow('only as a sum')
  })

  test('an exit names a jurisdiction, and vendors of one are added up after custom has moved', async () => {
    const ask = await holding('jurisdictions', [
      { vendor: 'Huawei', share: '0.4', jurisdiction: 'CHN' },
      { vendor: 'ZTE', share: '0.1', jurisdiction: 'CHN' },
      { vendor: 'Nokia', share: '0.3', jurisdiction: 'FIN' },
      { vendor: 'Ericsson', share: '0.2', jurisdiction: 'SWE' },
    ])
    expect(
      (await ask({ exit: ['China'], rule: 'proportional' })).rows.map((row) => [row.supplier, row.share_after]),
    ).toEqual([
      ['Nokia', 0.6],
      ['Ericsson', 0.4],
    ])
    const [first] = (await ask({ exit: ['Nokia'], rule: 'proportional', by: 'jurisdiction' })).rows
    expect(first).toMatchObject({ supplier: 'CHN', share_before: 0.5, share_after: expect.closeTo(0.5 / 0.7, 12) })
  })

  test('nobody called so is refused with those who are, and a target is no share', async () => {
    const ask = await holding('targets', [
      ...illustrated,
      { vendor: 'home makers', members: '*', share: '0.33', basis: 'target', period_start: '2027', period_end: '2027' },
    ])
    await expect(ask({ exit: ['Siemens'] })).rejects.toThrow('They have Ericsson, Nokia, Huawei')
    expect((await ask({ exit: ['Nokia'] })).rows.every((row) => row.basis === 'installed')).toBe(true)
    await expect(ask({ exit: ['Nokia'], basis: ['target'] })).rejects.toMatchObject({ kind: 'no_data' })
  })
})

const world = await librariesHolding([
  { importer: 'FRA', exporter: 'CHN', value: 600 },
  { importer: 'FRA', exporter: 'VNM', value: 250 },
  { importer: 'FRA', exporter: 'DEU', value: 100 },
  { importer: 'FRA', exporter: 'BRA', value: 50 },
  { importer: 'VNM', exporter: 'CHN', value: 50 },
  { importer: 'USA', exporter: 'VNM', value: 950 },
  { importer: 'USA', exporter: 'DEU', value: 900 },
  { importer: 'USA', exporter: 'X-NES', value: 400 },
])

describe.each(world)('dominance of countries on %s', (_, chokepoint) => {
  const ask = async (given: object) =>
    (await chokepoint.ask('dominance', { dataset: 'flows', importer: ['France'], min_value: 0, ...given })).rows()

  test('DOM6: the exit of the leader raises the index by 0.034, that of the second by 0.227', async () => {
    for (const [exit, after, change] of [
      ['CHN', 0.46875, 0.03375],
      ['VNM', 0.6622222222222224, 0.22722222222222238],
      ['DEU', 0.5246913580246914, 0.08969135802469136],
      ['BRA', 0.479224376731302, 0.04422437673130203],
    ] as const) {
      const [row] = await ask({ exit: [exit], rule: 'proportional' })
      expect(row?.hhi_before).toBeCloseTo(0.435, 12)
      expect(row?.hhi_after).toBeCloseTo(after, 12)
      expect(row?.hhi_change).toBeCloseTo(change, 12)
    }
  })

  test('the index before is the one that concentration gives', async () => {
    const concentration = await (
      await chokepoint.ask('concentration', { dataset: 'flows', importer: ['France', 'USA'], min_value: 0 })
    ).rows()
    for (const { importer, hhi, hhi_low, hhi_high } of concentration) {
      const [row] = await ask({ importer: [importer], exit: ['BRA'], rule: 'proportional' })
      expect(row?.hhi_before).toBeCloseTo(hhi, 12)
      expect(row?.hhi_before_low).toBeCloseTo(hhi_low, 12)
      expect(row?.hhi_before_high).toBeCloseTo(hhi_high, 12)
    }
  })

  test('capped, Viet Nam can add a tenth of its exports of 1,200, less the 50 that it will miss itself', async () => {
    const rows = await ask({ exit: ['China'], rule: 'capped', spare: 0.1 })
    const of = Object.fromEntries(rows.map((row) => [row.supplier, row.share_after]))
    expect(of['VNM']).toBeCloseTo((250 + 120 - 50) / 1000, 12)
    expect(of['DEU']).toBeCloseTo((100 + 100) / 1000, 12)
    expect(of['BRA']).toBeCloseTo((50 + 5) / 1000, 12)
    expect(rows[0]?.unmet).toBeCloseTo(1 - 0.32 - 0.2 - 0.055, 12)
  })

  test('who leads after the exit, and by how much', async () => {
    const [first, second] = await ask({ exit: ['China'], rule: 'proportional' })
    expect(first).toMatchObject({
      supplier: 'VNM',
      rank_after: 1,
      share_after: 0.625,
      lead_gap_after: expect.closeTo(0.375, 12),
    })
    expect(second).toMatchObject({ supplier: 'DEU', rank_after: 2, lead_gap_after: expect.closeTo(-0.375, 12) })
  })

  test('where all leave nothing is served, and where none does nothing changes', async () => {
    expect(await ask({ exit: ['CHN', 'VNM', 'DEU', 'BRA'], rule: 'proportional' })).toContainEqual(
      expect.objectContaining({ exit: 'CHN+VNM+DEU+BRA', unmet: 1, hhi_after: null }),
    )
    for (const row of await ask({ exit: ['JPN'] }))
      if (row.rule !== 'capped') expect(row.share_after).toBeCloseTo(row.share_before as number, 12)
  })

  test('it is asked of an importer, and the same question gives the same bytes', async () => {
    await expect(chokepoint.ask('dominance', { dataset: 'flows', exit: ['CHN'] })).rejects.toThrow('--importer Germany')
    const once = JSON.stringify(await ask({ exit: ['CHN'], threshold: 0.3 }))
    expect(JSON.stringify(await ask({ exit: ['CHN'], threshold: 0.3 }))).toBe(once)
  })
})

describe('properties of reallocation', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F']
  const market = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: names.length }).map((parts) => {
    const total = parts.reduce((sum, part) => sum + part, 0)
    return new Map(parts.map((part, place) => [names[place] as string, part / total]))
  })
  const nestOf = (name: string) => (name < 'C' ? 'first' : 'second')
  const rules = [
    { name: 'proportional' },
    { name: 'nested', nestOf, dissimilarity: 0.5 },
    { name: 'capped', capOf: () => undefined },
  ] as const
  const total = (shares: ReadonlyMap<string, number>) => [...shares.values()].reduce((sum, part) => sum + part, 0)

  test('no exit, no change; shares and what is unmet add to one', () => {
    fc.assert(
      fc.property(market, fc.subarray(names), (shares, exits) => {
        for (const rule of rules) {
          const same = reallocate(shares, new Set(), rule)
          for (const [name, part] of shares) expect(same.shares.get(name)).toBeCloseTo(part, 10)
          const after = reallocate(shares, new Set(exits), rule)
          expect(total(after.shares) + after.unmet).toBeCloseTo(1, 10)
          for (const name of exits) expect(after.shares.has(name)).toBe(false)
        }
      }),
      { seed: 4 },
    )
  })

  test('in proportion, removing more never lowers one that stays, and never lowers the index of a single stayer', () => {
    fc.assert(
      fc.property(market, fc.subarray(names, { maxLength: 3 }), fc.constantFrom(...names), (shares, exits, more) => {
        const fewer = reallocate(shares, new Set(exits), { name: 'proportional' }).shares
        const further = reallocate(shares, new Set([...exits, more]), { name: 'proportional' }).shares
        for (const [name, part] of further) expect(part).toBeGreaterThanOrEqual((fewer.get(name) ?? 0) - 1e-12)
        if (further.size === 1) expect(herfindahl([...further.values()])).toBeCloseTo(1, 12)
      }),
      { seed: 5 },
    )
  })

  test('nested with dissimilarity 1 is proportional; towards 0 a nest keeps its custom while a member is left', () => {
    fc.assert(
      fc.property(market, fc.subarray(names, { maxLength: 3 }), (shares, exits) => {
        const leaving = new Set(exits)
        const one = reallocate(shares, leaving, { name: 'nested', nestOf, dissimilarity: 1 }).shares
        const proportional = reallocate(shares, leaving, { name: 'proportional' }).shares
        for (const [name, part] of proportional) expect(one.get(name)).toBeCloseTo(part, 9)
        const none = reallocate(shares, leaving, { name: 'nested', nestOf, dissimilarity: 1e-9 }).shares
        const held = (of: ReadonlyMap<string, number>, nest: string) =>
          total(new Map([...of].filter(([name]) => nestOf(name) === nest)))
        const left = ['first', 'second'].filter((nest) => held(none, nest) > 0)
        if (left.length === 2) for (const nest of left) expect(held(none, nest)).toBeCloseTo(held(shares, nest), 6)
      }),
      { seed: 6 },
    )
  })
})

const members = await librariesHolding([
  { importer: 'USA', exporter: 'CHN', value: 100 },
  { importer: 'USA', exporter: 'DEU', value: 100 },
  { importer: 'FRA', exporter: 'DEU', value: 300 },
  { importer: 'DEU', exporter: 'CHN', value: 15 },
])

describe.each(world)('exits shown beside each other on %s', (_, chokepoint) => {
  test('the row of one exit alone is that of a question for it alone, and all together miss what each supplied', async () => {
    const ask = async (...exit: string[]) =>
      (
        await chokepoint.ask('dominance', {
          dataset: 'flows',
          importer: ['FRA'],
          exit,
          rule: 'capped',
          spare: 0.04,
          min_value: 0,
        })
      ).rows()
    const vietnam = (rows: Awaited<ReturnType<typeof ask>>) => rows.find((row) => row.supplier === 'VNM')?.share_after
    const alone = await ask('BRA')
    // China is full with 626, so the others share 374. Viet Nam could add 48 and misses nothing of Brazil, so it takes its
    // part; of China it misses 50, and adds nothing.
    expect(vietnam(alone)).toBeCloseTo((0.374 * 250) / 350, 12)
    expect((await ask('BRA', 'CHN')).filter((row) => row.exit === 'BRA')).toEqual(alone)
    expect(vietnam(await ask('BRA', 'CHN'))).toBeCloseTo(0.25, 12)
    // Japan sells nothing here.
    expect(vietnam(await ask('JPN', 'CHN'))).toBeCloseTo(0.25, 12)
  })
})

describe.each(members)('dominance beside a bloc on %s', (_, chokepoint) => {
  test('capped, Germany can add a tenth of its 400 less its own 15, whoever is asked for besides', async () => {
    for (const others of [[], ['EU27'], ['EU27', 'DEU'], ['FRA', 'DEU']]) {
      const answer = await chokepoint.ask('dominance', {
        dataset: 'flows',
        importer: ['USA', ...others],
        exit: ['CHN'],
        rule: 'capped',
        spare: 0.1,
        min_value: 0,
      })
      const germany = (await answer.rows()).find((row) => row.importer === 'USA' && row.supplier === 'DEU')
      expect(germany?.share_after).toBeCloseTo(125 / 200, 12)
    }
  })
})
