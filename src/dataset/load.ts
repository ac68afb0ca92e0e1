import type { Limits } from '../engine/engine.ts'
import { Refusal } from '../refusal.ts'
import { checkReadable, checkSums, takeAccount, tallyAside } from './account.ts'
import { Course } from './course.ts'
import { repeatsTotals, setDuplicatesAside } from './duplicates.ts'
import { writeFlowManifest } from './flow-manifest.ts'
import { filesOf } from './intake.ts'
import { publishWhole } from './loading.ts'
import type { Mapping } from './mapping.ts'
import { namePartsAlone } from './parts.ts'
import { writeProduction, writeProductionManifest } from './production.ts'
import { contentOf, stretchesOf, writeBeside, writeByProduct } from './report.ts'
import { resolveCodes } from './resolution.ts'
import { checkRoom } from './room.ts'
import type { FlowManifest, ProductionManifest } from './schema.ts'
import { stageFiles } from './staging.ts'
import { productionFiles, spreadFiles } from './store.ts'
import type { SheetChoice } from './workbook.ts'
import { compareWithWorld } from './world-check.ts'

/** What recognises a publisher's files and how it maps them: a source, or a user's own mapping. */
export interface Recognised {
  readonly source: string
  readonly mapping: Mapping
}

export interface LoadOptions {
  readonly home: string
  readonly as: string
  readonly paths: readonly string[]
  /** Chooses the mapping by file name, header and first row; undefined where the file is no table of flows. */
  readonly recognise: (
    file: string,
    header: readonly string[],
    first: Readonly<Record<string, string>> | undefined,
  ) => Recognised | 'beside' | undefined
  /** Where the tables stand in workbooks. */
  readonly workbook?: SheetChoice
  readonly onConflict?: 'stop' | 'sum' | 'first' | 'largest'
  readonly keepUnmapped?: boolean
  readonly limits?: Limits
  /** Rows that are sorted together and stand in one file; each period with more stands in one by itself. */
  readonly rowsAtOnce?: number
  readonly toolVersion: string
  readonly now?: Date
  readonly signal?: AbortSignal
  /** Told what the load does, and as it goes how far it is, rows a second, and the time that is left. */
  readonly progress?: (line: string) => void
}

/**
 * Load publishers' files as a new version of a dataset of flows, or of production where the mapping says so.
 *
 * Every row read is kept, set aside or rejected, with the reason, and the account of rows and values is checked before
 * anything becomes visible; a load that ends early leaves what was there.
 * @throws Refusal where a file cannot be read as flows, a code is unknown, or rows contradict each other
 */
export function load(options: LoadOptions): Promise<FlowManifest | ProductionManifest> {
  return publishWhole(options, async (loading, name) => {
    if (!loading.small) await checkRoom(options.home, loading.folder, await filesOf(options.paths))
    using course = await Course.begin(loading.db, options.progress)
    const staged = await stageFiles(loading, options, course)
    const recognised = staged.recognised
    if (!recognised)
      throw new Refusal('refused', 'load/nothing', `${options.paths.join(', ')}: no file with trade flows among these`)
    const { mapping } = recognised
    course.enter('resolving codes', await checkReadable(loading, staged))
    const rule = options.onConflict ?? mapping.on_conflict ?? 'stop'
    const resolved = await resolveCodes(loading, mapping, staged, options.keepUnmapped ?? false)
    await checkSums(loading, staged, mapping.currency)
    const notes = [...(mapping.caveat === undefined ? [] : [mapping.caveat]), ...resolved]
    const about = {
      name,
      source: recognised.source,
      mapping,
      files: staged.files,
      options: { on_conflict: rule, keep_unmapped: String(options.keepUnmapped ?? false) },
      toolVersion: options.toolVersion,
      now: options.now ?? new Date(),
    }
    if (mapping.kind === 'production') {
      notes.push(...(await setDuplicatesAside(loading, staged, rule)))
      if (mapping.only) notes.push(...(await namePartsAlone(loading)))
      course.enter('sorting')
      await tallyAside(loading)
      await writeProduction(loading)
      const account = await takeAccount(loading, staged, { rows: 0, value: '0' }, [[productionFiles.rows]])
      return writeProductionManifest(loading, { ...about, account, notes })
    }
    const stretches = await stretchesOf(loading, options.rowsAtOnce)
    const write = async (summed: boolean) => {
      const world = mapping.world_check ? await compareWithWorld(loading, rule) : undefined
      const uniform = await writeByProduct(loading, mapping, staged, stretches, summed)
      return { world, uniform, content: await contentOf(loading) }
    }
    course.enter('sorting by product')
    let { world, uniform, content } =
      rule !== 'stop' && (await repeatsTotals(loading))
        ? { world: undefined, uniform: {}, content: undefined }
        : await write(false)
    // Repeated keys are seen in the sorted rows, which costs little; they are rare, so that writing again does as well.
    if (!content) {
      course.enter('looking at duplicates')
      notes.push(...(await setDuplicatesAside(loading, staged, rule)))
      ;({ world, uniform, content } = await write(true))
      if (!content) throw new Error('a key is stored twice')
    }
    if (mapping.only) notes.push(...(await namePartsAlone(loading)))
    course.enter('sorting by importer')
    await tallyAside(loading)
    await writeBeside(loading, staged, stretches, uniform)
    course.enter('taking account')
    const derived = world?.derived ?? { rows: 0, value: '0' }
    const account = await takeAccount(
      loading,
      staged,
      derived,
      (['byProduct', 'byImporter'] as const).map((order) => spreadFiles(order, stretches)),
    )
    course.enter('describing')
    return writeFlowManifest(loading, content, stretches, {
      ...about,
      account,
      uniform,
      partners_complete:
        mapping.partners_complete === 'world totals' ? world?.complete === true : mapping.partners_complete,
      notes: [...notes, ...(world?.notes ?? [])],
    })
  })
}
