import { madeUp } from '../worlds/parameters.ts'
import { baci } from './baci.ts'
import { holds, type Source } from './source.ts'

/**
 * Made-up worlds of `chokepoint sample --world`: BACI's columns and one more, named for what the rows are, so that no file
 * of them passes for the publisher's under whatever name. Years as BACI has them, or months.
 */
export const generated: Source = {
  name: 'generated',
  publisher: 'Chokepoint',
  recognise(file, header, first) {
    const like = holds(header, ['synthetic_seed']) ? baci.recognise(file, header, first) : undefined
    return (
      like && {
        ...like,
        title: 'SYNTHETIC world of trade, made up: no figure is a fact',
        publisher: 'Chokepoint',
        vintage: `seed ${first?.['synthetic_seed'] ?? 'unknown'}`,
        licence: 'no rights reserved',
        url: '',
        note: 'Made by chokepoint sample --world; what was planted in it stands in answers.yaml beside its files.',
        caveat: madeUp,
        frequency: first?.['t']?.length === 6 ? 'month' : 'year',
      }
    )
  },
}
