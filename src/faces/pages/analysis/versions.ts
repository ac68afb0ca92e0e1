import { useEffect } from 'preact/hooks'
import { type Address, changed, go } from '../address.ts'
import { type Answer, keep, type Loading } from '../api.ts'

/**
 * Has the address name the versions of the datasets that were asked, so that whoever follows it sees the same.
 * @param path where the question is answered; undefined while it is not asked
 * @param given its parameters
 * @param pathOf where the same question is answered with other parameters
 * @param names parameters that name a dataset
 * @returns whether it names them
 */
export function useVersions(
  { value: answer, of }: Loading<Answer>,
  path: string | undefined,
  given: URLSearchParams,
  pathOf: (given: URLSearchParams) => string,
  address: Address,
  names: readonly string[] = ['dataset'],
): boolean {
  const whole = new Map<string, string>()
  if (answer && of === path)
    for (const name of names) {
      const asked = given.get(name) ?? ''
      const [own = ''] = asked.split('@')
      const found = name === 'dataset' ? answer.dataset : answer.datasets.find((one) => one.name === own)
      const versioned = found ? `${found.name}@${found.version}` : ''
      if (versioned !== '' && versioned !== asked && (name === 'dataset' || asked !== '')) whole.set(name, versioned)
    }
  const change = [...whole].map((pair) => pair.join('=')).join('&')
  useEffect(() => {
    if (change === '' || !answer) return
    const then = new URLSearchParams(given)
    for (const [name, version] of whole) then.set(name, version)
    keep(pathOf(then), answer)
    go(changed(address, Object.fromEntries(whole)), 'replace')
  }, [change, answer, address])
  return answer !== undefined && of === path && change === ''
}
