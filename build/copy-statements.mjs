// tsc emits only TypeScript: the statements go beside the code that reads them (into the folder named, else dist), and
// what the scripts' build finds beside itself when installed, the tables and package.json, is put beside it.
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const target = process.argv[2] ?? 'dist'
for (const entry of readdirSync('src', { recursive: true })) {
  if (!String(entry).endsWith('.sql')) continue
  const copy = join(target, String(entry))
  mkdirSync(dirname(copy), { recursive: true })
  copyFileSync(join('src', String(entry)), copy)
}
if (target === 'dist') {
  const command = join('dist', 'faces', 'cli', 'main.js')
  if (existsSync(command)) chmodSync(command, 0o755)
} else {
  const beside = dirname(target)
  cpSync('data', join(beside, 'data'), { recursive: true })
  copyFileSync('package.json', join(beside, 'package.json'))
  for (const entry of existsSync('bench') ? readdirSync('bench') : []) {
    if (entry.endsWith('.sql')) copyFileSync(join('bench', entry), join(beside, 'bench', entry))
  }
}
