import { defineConfig } from 'vite'

/** The pages, built beside the server that serves them. */
export default defineConfig({
  root: 'src/faces/pages',
  logLevel: 'warn',
  build: {
    outDir: '../../../dist/faces/pages',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
