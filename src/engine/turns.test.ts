import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

const heavy = 10_000_000

test('a light question has its turn at once behind sixteen heavy ones', async () => {
  const turns = new Turns()
  let ended = 0
  const asked = Array.from({ length: 16 }, () => turns.take(heavy).then(() => (ended += 1)))
  const light = await turns.take(10)
  light.leave()
  expect(ended).toBe(1)
  expect(asked).toHaveLength(16)
})

test('heavy questions have their turns one after the other, in the order of asking', async () => {
  const turns = new Turns()
  const order: number[] = []
  await Promise.all(
    [0, 1, 2, 3].map(async (number) => {
      const place = await turns.take(heavy)
      order.push(number)
      await new Promise((resolve) => setTimeout(resolve, 2))
      place.leave()
      place.leave()
    }),
  )
  expect(order).toEqual([0, 1, 2, 3])
})

test('a heavy question is not kept waiting by light ones that stand behind it', async () => {
  const turns = new Turns()
  const [first, second] = [await turns.take(1), await turns.take(1)]
  const order: string[] = []
  const asked = [turns.take(heavy).then(() => order.push('heavy')), turns.take(1).then(() => order.push('light'))]
  second?.leave()
  await asked[0]
  expect(order).toEqual(['heavy'])
  first?.leave()
  await asked[1]
  expect(order).toEqual(['heavy', 'light'])
})

test('who gives up waiting leaves the queue', async () => {
  const turns = new Turns()
  const first = await turns.take(heavy)
  const giving = new AbortController()
  const second = turns.take(heavy, giving.signal)
  const third = turns.take(heavy)
  giving.abort(new Error('gone'))
  await expect(second).rejects.toThrow('gone')
  first.leave()
  await third
  await expect(turns.take(heavy, AbortSignal.abort())).rejects.toThrow()
})

test('a light question that proves heavy lets others pass after a second', async () => {
  const turns = new Turns()
  await turns.take(heavy)
  const long = await turns.take(1)
  const before = Date.now()
  const next = await turns.take(1)
  expect(Date.now() - before).toBeGreaterThan(900)
  long.leave()
  next.leave()
  ;(await turns.take(1)).leave()
})
