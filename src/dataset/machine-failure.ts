import { Refusal } from '../refusal.ts'

const ranOut = /ENOSPC|EDQUOT|EFBIG|No space left|disk quota|disk is full|Out of Memory|could not allocate/i
const forbidden = /EACCES|EPERM|EROFS|Permission denied|Operation not permitted|Read-only file system/i
const gone = /ENOENT|No such file or directory/i

/**
 * Whether something failed for want of room or permission on this machine: then no file is at fault, and none is told so.
 * The engine and Node say it in words of their own.
 */
export const isOfMachine = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof Refusal) && (ranOut.test(error.message) || forbidden.test(error.message))

/** What a load that the machine ended is refused with; undefined where something else ended it. */
export function refusalOf(error: unknown, home: string): Refusal | undefined {
  if (!(error instanceof Error) || error instanceof Refusal) return undefined
  const [why = ''] = error.message.split('\n')
  if (ranOut.test(error.message))
    return new Refusal(
      'refused',
      'load/space',
      `the load ran out of room: ${why}. The previous version is untouched. Free disk under ${home}, or raise CHOKEPOINT_MEMORY (bytes), whichever it names`,
    )
  if (forbidden.test(error.message))
    return new Refusal(
      'refused',
      'home/unwritable',
      `${home} can no longer be written: ${why}. The previous version is untouched. Give yourself the permission, or set CHOKEPOINT_HOME to another folder`,
    )
  if (gone.test(error.message) && /\.loading-|current\.\d+/.test(error.message))
    return new Refusal(
      'refused',
      'load/removed',
      'the folder that the load works in was removed while it ran: somebody removed the dataset. Load it again',
    )
  return undefined
}

/** The first line of what the engine says of a file, which it knows by the path of a copy. */
export const saidOf = (error: unknown, { name, path }: { readonly name: string; readonly path: string }): string =>
  ((error as Error).message.split('\n')[0] ?? '').replaceAll(path, name)
