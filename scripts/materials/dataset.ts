import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chokepoint, Manifest } from '../../src/index.ts'

const mapping = `title: Trade in thirty critical materials, complete
publisher: CEPII
vintage: BACI HS17 V202601
licence: Etalab Open Licence 2.0; cite Gaulier and Zignago (2010), BACI, CEPII Working Paper 2010-23
frequency: year
currency: USD
valuation: FOB
side: reconciled
edition: HS2017
codes: iso3
partners_complete: true
columns: {period: year, exporter: i, importer: j, product: cmd, value: value}
`

/**
 * Loads the complete BACI flows of thirty critical materials, 2022 and 2024, as dataset `materials`. The files, one a
 * year, name no year in their rows, so copies that do are written to `folder`.
 * @param data the folder of publishers' files
 */
export async function loadMaterials(chokepoint: Chokepoint, data: string, folder: string): Promise<Manifest> {
  const source = join(data, 'critical-materials-atlas', 'reconcile_fixtures', 'reconcile')
  const paths = ['2022', '2024'].map((year) => {
    const lines = readFileSync(join(source, `baci_${year}.csv`), 'utf8').split(/\r?\n/)
    const dated = join(folder, `baci_${year}.csv`)
    writeFileSync(dated, lines.map((line, at) => (line ? `${at === 0 ? 'year' : year},${line}` : '')).join('\n'))
    return dated
  })
  const stated = join(folder, 'materials.yaml')
  writeFileSync(stated, mapping)
  return chokepoint.load(paths, { as: 'materials', mapping: stated })
}
