// tsc emits only TypeScript: the statements go beside the code that reads them, and the command is made executable.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

for (const entry of readdirSync('src', { recursive: true })) {
  if (!String(entry).endsWith('.sql')) continue
  const target = join('dist', String(entry))
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join('src', String(entry)), target)
}
const command = 'dist/faces/cli/main.js'
if (existsSync(command)) chmodSync(command, 0o755)
