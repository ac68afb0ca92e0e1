import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where everything of a user's lives: CHOKEPOINT_HOME, or the platform's data folder. */
export function chokepointHome(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['CHOKEPOINT_HOME']
  if (named) return named
  if (process.platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'chokepoint')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'chokepoint')
  // A relative path is to be ignored: XDG Base Directory Specification.
  const shared = environment['XDG_DATA_HOME'] ?? ''
  return join(isAbsolute(shared) ? shared : join(homedir(), '.local', 'share'), 'chokepoint')
}
