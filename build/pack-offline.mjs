// One archive that needs no registry: the package with all that it needs on this platform. It is what npm takes offline,
// and runs as well where there is no npm, from where it is unpacked.
//
//   npm run pack-offline [FOLDER]
//   npm install --offline ./chokepoint-VERSION-PLATFORM-ARCH.tgz
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'

const root = process.cwd()
const target = resolve(process.argv[2] ?? '.')
// npm is a script of Node's own: started so, no shell is needed, on Windows either.
const npm = (words, cwd = root) =>
  execFileSync(process.execPath, [process.env['npm_execpath'], ...words], { cwd, maxBuffer: 1 << 28 }).toString()

const stage = mkdtempSync(join(tmpdir(), 'chokepoint-pack-'))
try {
  const [{ files, name, version }] = JSON.parse(npm(['pack', '--dry-run', '--ignore-scripts', '--json']))
  for (const { path } of files) {
    mkdirSync(dirname(join(stage, path)), { recursive: true })
    cpSync(join(root, path), join(stage, path))
  }
  const { scripts: _scripts, devDependencies: _tools, ...stated } = JSON.parse(readFileSync('package.json', 'utf8'))
  writeFileSync(join(stage, 'package.json'), JSON.stringify({ ...stated, bundleDependencies: true }, null, 2))
  const [, ...needed] = npm(['ls', '--omit=dev', '--all', '--parseable']).trim().split('\n')
  for (const path of needed)
    cpSync(path, join(stage, relative(root, path)), {
      recursive: true,
      // What stands deeper is listed by itself, where it is needed; sources and maps to them nobody runs there.
      filter: (from) => from === path || (basename(from) !== 'node_modules' && !/\.map$|(?<!\.d)\.[cm]?ts$/.test(from)),
    })
  npm(['pack', '--ignore-scripts', '--pack-destination', stage], stage)
  const made = readdirSync(stage).find((file) => file.endsWith('.tgz'))
  const archive = join(target, `${name}-${version}-${process.platform}-${process.arch}.tgz`)
  mkdirSync(target, { recursive: true })
  cpSync(join(stage, made), archive)
  process.stdout.write(`${archive}\n`)
} finally {
  rmSync(stage, { recursive: true, force: true })
}
