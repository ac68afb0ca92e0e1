import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where everything of a user's lives: CHOKEPOINT_HOME, or the platform's data folder. */
export function chokepointHome(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['CHOKEPOINT_HOME']
  if (named) return named
  if (process.platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'chokepoint')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'chokepoint')
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'chokepoint')
}
