import { existsSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with one line that machines read, and says which halves did not run. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const broken = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests()].length === 0,
    ).length
    process.on('exit', () => {
      if (!existsSync(new URL('./clickhouse/node_modules/chdb', import.meta.url))) {
        process.stdout.write('The ClickHouse half did not run: npm ci --prefix test/clickhouse installs it.\n')
      }
      process.stdout.write(`${count('passed')} passed, ${count('failed') + broken + errors.length} failed\n`)
    })
  }
}
