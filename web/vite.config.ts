import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const mock = 'http://127.0.0.1:8099'

export default defineConfig({
  resolve: {
    // Niivue reads Zarr stores through this; the node sends NIfTI alone, so a megabyte of decoders stays out.
    alias: { zarrita: fileURLToPath(new URL('src/viewer/no_zarr.ts', import.meta.url)) },
  },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': mock } },
})
