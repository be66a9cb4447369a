import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const kMock = 'http://127.0.0.1:8099'

// Niivue computes a gradient of every volume for its 3-D rendering, each time a window changes: half the time and half the
// graphics memory of a pane, for what this page never shows.
function withoutGradients(): Plugin {
  const from = 'this.gradientTexture = gradientGL({\n        gl: this.gl,\n        hdr,'
  return {
    name: 'niivue-without-gradients',
    enforce: 'pre',
    transform(code, id) {
      if (!/@niivue\/niivue\/build\/niivue\/index\.js$/.test(id)) return null
      if (code.split(from).length !== 2) throw new Error('Niivue has changed where it computes gradients: see withoutGradients in vite.config.ts.')
      return { code: code.replace(from, `if (this.opts.sliceType === 4) ${from}`), map: null }
    },
  }
}

export default defineConfig({
  plugins: [withoutGradients()],
  resolve: {
    // Niivue reads Zarr stores through this; the node sends NIfTI alone, so a megabyte of decoders stays out.
    alias: { zarrita: fileURLToPath(new URL('src/viewer/no_zarr.ts', import.meta.url)) },
  },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    // The node's page, and the laboratory's.
    rolldownOptions: { input: { index: fileURLToPath(new URL('index.html', import.meta.url)), lab: fileURLToPath(new URL('lab.html', import.meta.url)) } },
  },
  server: { proxy: { '/api': kMock } },
})
