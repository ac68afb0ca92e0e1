/** Draws what `chokepoint start` prints as docs/start.svg: `npm run compile-picture`, after a build. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const text = execFileSync(process.execPath, ['dist/faces/cli/main.js', 'start'], {
  stdio: ['ignore', 'pipe', 'ignore'],
}).toString()
const lines = text.slice(0, text.indexOf('\n\nNext:')).split('\n')
const escaped = (line: string) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const height = lines.length * 18 + 40
const drawn = lines.map((line, at) => `<text x="20" y="${34 + at * 18}">${escaped(line)}</text>`).join('\n')
writeFileSync(
  'docs/start.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" width="740" height="${height}" viewBox="0 0 740 ${height}" role="img" aria-label="What chokepoint start prints">
<rect width="740" height="${height}" rx="8" fill="#14181F"/>
<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#E8ECF1" xml:space="preserve">
${drawn}
</g>
</svg>
`,
)
