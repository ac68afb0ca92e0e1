import { expect, test } from 'vitest'
import { amount, percent, periodsHeld, points, scaled } from './wording.ts'

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.0 k'],
  [949_900, '949.9 k'],
  [999_949, '999.9 k'],
  [999_960, '1.0 m'],
  [-999_960, '−1.0 m'],
  [76_120_000_000, '76.1 bn'],
  [1.5e12, '1.5 tn'],
])('money of %d reads %s', (value, text) => {
  expect(scaled(value)).toBe(text)
  expect(amount(value, 'USD')).toBe(`USD ${text}`)
})

test('what is there but rounds to nothing is not zero, and a minus is a minus sign', () => {
  expect([percent(0), percent(0.0004), percent(0.463), percent(-0.05)]).toEqual([
    '0.0 %',
    '< 0.1 %',
    '46.3 %',
    '−5.0 %',
  ])
  expect([points(0.095), points(-0.01)]).toEqual(['+9.5 points', '−1.0 points'])
})

test.each([
  [[], '–'],
  [[202200], '2022'],
  [[202200, 202400], '2022, 2024'],
  [[201600, 201700, 201800, 202200], '2016 to 2018, 2022'],
  [[202111, 202112, 202201, 202203], '2021-11 to 2022-01, 2022-03'],
  [[201000, 201200, 201400, 201600, 201800], '2010 to 2018, with gaps'],
])('periods %j read %s', (periods, text) => {
  expect(periodsHeld(periods)).toBe(text)
})
