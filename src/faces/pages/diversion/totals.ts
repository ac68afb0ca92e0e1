import { useEffect, useState } from 'preact/hooks'
import { written } from '../address.ts'
import { type Answer, type Dataset, Failure, fetchedJson, wholeAnswer } from '../api.ts'
import { isHub } from './diversion-question.ts'

/** Hubs of which a dataset is tried. */
const mostTried = 6

/** Whether a dataset has what the origins sold some of the hubs in all, and nowhere less than of listed goods alone. */
async function holdsTotals({ name, sides }: Dataset, answer: Answer, signal: AbortSignal): Promise<boolean> {
  try {
    const held = await fetchedJson<{ importers_held: readonly string[] }>(`/api/v1/datasets/${name}`, signal)
    const hubs = answer.rows.filter((row) => isHub(row) && held.importers_held.includes(String(row['hub'])))
    const listed = new Map(
      hubs.slice(0, mostTried).map((row) => [String(row['hub']), Number(row['first_leg_after'])] as const),
    )
    if (listed.size === 0) return false
    const asked = {
      dataset: name,
      importer: [...listed.keys()].join(','),
      supplier: [answer.parameters['origin']].flat().join('+'),
      period: String(answer.parameters['post']).replace(' to ', ':'),
      level: '0',
      ...wholeAnswer,
      ...(sides?.includes('exporter') ? { side: 'exporter' } : {}),
    }
    const { rows } = await fetchedJson<Answer>(written('/api/v1/trade', asked), signal)
    const sums = new Map<string, number>()
    for (const row of rows) {
      const hub = String(row['importer'])
      sums.set(hub, (sums.get(hub) ?? 0) + Number(row['value']))
    }
    return sums.size > 0 && [...sums].every(([hub, sum]) => sum >= (listed.get(hub) ?? 0))
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}

/** Of the datasets of all goods by the same periods, those that tell what the origins sold the hubs beside listed goods. */
export function useTotals(answer: Answer, datasets: readonly Dataset[], wanted: boolean): readonly Dataset[] {
  const [found, setFound] = useState<readonly Dataset[]>([])
  const own = datasets.find(({ name }) => name === answer.dataset?.name)
  const candidates = datasets.filter(
    ({ kind, all_goods, frequency, name }) =>
      wanted && kind === 'flow' && all_goods === true && frequency === own?.frequency && name !== own?.name,
  )
  const names = candidates.map(({ name }) => name).join()
  useEffect(() => {
    setFound([])
    const leaving = new AbortController()
    const tryAll = async () => {
      for (const one of candidates)
        if (await holdsTotals(one, answer, leaving.signal)) setFound((before) => [...before, one])
    }
    tryAll().catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error
    })
    return () => leaving.abort()
  }, [answer, names])
  return found
}
