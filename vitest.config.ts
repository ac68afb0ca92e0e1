import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: './test/temporary-folder.ts',
    pool: 'forks',
    // What a file imports, the two engines among it, costs more than most of its tests: the next file finds it there.
    isolate: false,
    // Of two cores Vitest would leave one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // So few rows are read here that threads would wait for each other; answers by one, two and four of them are compared
    // where that is what is tested.
    env: { CHOKEPOINT_THREADS: '1' },
    // A browser on a machine that others share may be late once; what is wrong is so twice.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/closing-line.ts'],
  },
})
