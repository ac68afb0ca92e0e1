import { realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { claimDoubts, readClaims } from './analyses/claim-file.ts'
import { analysisList } from './analyses/index.ts'
import { descriptionSchema } from './dataset/load-table.ts'
import { mappingDoubts, mappingIn } from './dataset/mapping.ts'
import {
  actMarks,
  codeMarks,
  controlsFolder,
  csvEnding,
  listsFolder,
  readControls,
  readList,
  shippedControlIds,
  shippedListNames,
} from './reference/control-files.ts'
import { readCsvLines } from './reference/csv-file.ts'
import { type Correlation, readCorrelation } from './reference/families-correlations.ts'
import { groupDoubts, readGroup, shippedNames } from './reference/user-groups.ts'
import { filesIn, readYaml, yamlEnding } from './reference/yaml-file.ts'
import { type Fault, FaultyFile, Refusal } from './refusal.ts'
import { readQuestion } from './saved-question.ts'
import { methodDoubts, readMethod, shippedWords } from './screening/methods.ts'

/** One file of a user's, with all that is wrong or doubtful in it by line and column. */
export interface CheckedFile {
  readonly file: string
  /** What it was read as, such as `group`. */
  readonly kind: string
  readonly faults: readonly Fault[]
}

/** A kind of file that users write. */
interface Kind {
  readonly name: string
  /** Where it stands under CHOKEPOINT_HOME; undefined for what stands anywhere. */
  readonly folder: string | undefined
  readonly ending: RegExp
  /** Keys that tell it from the kinds after it where it stands elsewhere: one of them is enough. */
  readonly marks: readonly string[]
  /**
   * Read a file as all else reads it.
   * @returns what loads and is probably not meant
   * @throws FaultyFile
   */
  read(path: string): readonly Fault[]
}

const analysisNamed = (name: string) => analysisList.find((one) => one.name === name)

/** The kinds, with the names that are taken, to which each file adds. */
function kindsOfFiles(home: string): readonly [Kind, ...Kind[]] {
  const groups = shippedNames()
  const methods = shippedWords()
  const links = new Map<string, Correlation>()
  const [acts, lists] = [shippedControlIds(), shippedListNames()]
  const yaml = (name: string, folder: string | undefined, marks: readonly string[], read: Kind['read']): Kind => ({
    name,
    folder,
    ending: yamlEnding,
    marks,
    read,
  })
  return [
    yaml('group', 'groups', ['group', 'members'], (path) => groupDoubts(readGroup(path, groups))),
    yaml('method', 'methods', ['criteria', 'short'], (path) => methodDoubts(readMethod(path, true, methods))),
    yaml('question', undefined, ['analysis'], (path) => {
      readQuestion(path, analysisNamed)
      return []
    }),
    yaml('mapping', 'mappings', ['columns', 'codes', 'frequency'], (path) => mappingDoubts(mappingIn(path))),
    yaml('sheet of claims', 'claims', ['claims', 'report'], (path) => claimDoubts(readClaims(path, analysisNamed))),
    yaml('description of a table', 'mappings', Object.keys(descriptionSchema.shape), (path) => {
      readYaml(path, 'mapping').as(descriptionSchema)
      return []
    }),
    {
      name: 'table of controls',
      folder: controlsFolder,
      ending: csvEnding,
      marks: actMarks,
      read(path) {
        readControls(path, acts, home)
        return []
      },
    },
    {
      name: 'list of codes',
      folder: listsFolder,
      ending: csvEnding,
      marks: codeMarks,
      read: (path) => readList(path, lists).doubts,
    },
    {
      name: 'correlation',
      folder: 'correlations',
      ending: csvEnding,
      marks: ['from_edition', 'relationship'],
      read(path) {
        readCorrelation(path, links)
        return []
      },
    },
  ]
}

/** Folders under CHOKEPOINT_HOME that hold what users write. */
export const ownFolders: readonly string[] = [...new Set(kindsOfFiles('').flatMap(({ folder }) => folder ?? []))]

const real = (path: string) => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/**
 * Check what users write, each file as it is read elsewhere: all under CHOKEPOINT_HOME, or the files and folders named,
 * whose names are held against those there.
 * @throws Refusal where a path leads nowhere
 */
export function checkFiles(home: string, paths: readonly string[] = []): CheckedFile[] {
  const kinds = kindsOfFiles(home)
  // One of the folders stands within another.
  const within = new Set(ownFolders.map((folder) => join(home, folder)))
  const own = ownFolders.flatMap((folder) =>
    filesIn(join(home, folder)).flatMap((path) => (within.has(path) ? [] : [{ path, folder }])),
  )
  if (paths.length === 0) return own.map(({ path, folder }) => checkFile(path, folder, kinds))
  const named = paths.flatMap((path) => {
    const about = statSync(path, { throwIfNoEntry: false })
    if (!about)
      throw new Refusal('wrong_use', 'check/missing', `${path}: no such file or folder. Name one that is there`)
    return about.isDirectory() ? filesIn(path).filter((file) => kinds.some(({ ending }) => ending.test(file))) : [path]
  })
  const given = new Map(named.map((path) => [real(path), path]))
  for (const { path, folder } of own) if (!given.has(real(path))) checkFile(path, folder, kinds)
  const folderOf = new Map(own.map(({ path, folder }) => [real(path), folder]))
  return [...given].map(([at, path]) => checkFile(path, folderOf.get(at), kinds))
}

/** Check one file: of the kinds of its folder, where it stands in one, or of any. */
function checkFile(path: string, folder: string | undefined, kinds: readonly [Kind, ...Kind[]]): CheckedFile {
  const possible = folder === undefined ? kinds : kinds.filter((kind) => kind.folder === folder)
  const usual = possible[0] ?? kinds[0]
  const readable = possible.filter(({ ending }) => ending.test(path))
  let kind = folder === undefined ? 'file' : usual.name
  const told = (severity: Fault['severity'], code: string, message: string): CheckedFile => ({
    file: path,
    kind,
    faults: [{ severity, code: `check/${code}`, file: path, line: 1, column: 1, message }],
  })
  if (readable.length === 0) {
    const ending = usual.ending === csvEnding ? '.csv' : '.yaml'
    return told('warning', 'ending', `not read, for it does not end in ${ending}. Rename it, or move it away`)
  }
  try {
    const found = readable.length === 1 ? readable[0] : kindOf(path, readable)
    if (!found && folder === undefined) {
      const known = readable.map(({ name, marks }) => `${name} (${marks.slice(0, 2).join(', ')})`)
      return told('error', 'kind', `of no kind that is known by its keys: ${known.join(', ')}. Add what it lacks`)
    }
    const { name, read } = found ?? usual
    kind = name
    return { file: path, kind, faults: read(path) }
  } catch (error) {
    if (!(error instanceof FaultyFile)) throw error
    return { file: path, kind, faults: error.faults }
  }
}

/** The first kind that has one of the file's keys, or of the columns of a table, among its marks. */
function kindOf(path: string, kinds: readonly Kind[]): Kind | undefined {
  const words = yamlEnding.test(path)
    ? Object.keys(readYaml(path, 'check').content)
    : (readCsvLines(path, () => undefined) ?? [])
        .slice(0, 5)
        .flatMap(({ cells }) => cells.map(({ text }) => text.toLowerCase()))
  return kinds.find(({ marks }) => marks.some((mark) => words.includes(mark)))
}
