import { inWords } from './patience.ts'

const size = (bytes: number) => (bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`)

/** What tells, each time it is called, how much there is, how fast it comes, and how long the rest takes. */
export function rateTeller(): (bytes: number, total: number | undefined) => string {
  let began: { at: number; bytes: number } | undefined
  return (bytes, total) => {
    began ??= { at: Date.now(), bytes }
    const rate = (bytes - began.bytes) / Math.max(1, Date.now() - began.at)
    const of = total === undefined ? '' : ` of ${size(total)}, ${Math.floor((bytes / total) * 100)} %`
    const left = total === undefined || rate === 0 ? '' : `, ${inWords((total - bytes) / rate)} left`
    return `${size(bytes)}${of}${rate > 0 ? `, ${size(rate * 1000)}/s` : ''}${left}`
  }
}
