import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const kMock = 'http://127.0.0.1:8099'

const kNiivue = /@niivue\/niivue\/build\/niivue\/index\.js$/
const kChanged = 'Niivue has changed; see slicesOnly in vite.config.ts: '

// By their fragment shaders' names: what Niivue draws slices with, and what brings volumes into their textures.
const kShadersOfSlices = ['fragSliceMMShader', 'fragRectShader', 'fragPassThroughShader', 'fragOrientShaderU.concat(fragOrientShader)', 'fragOrientShaderI.concat(fragOrientShader)', 'fragOrientShaderF.concat(fragOrientShader)']

// This page shows slices, and writes its text itself. Niivue compiles forty more programs and loads a font for every canvas, and
// computes a gradient of every volume each time a window changes, for its 3-D rendering: more than half the time and the graphics
// memory of a pane.
function slicesOnly(): Plugin {
  const replaceOnce = (code: string, from: string, to: string): string => {
    if (code.split(from).length !== 2) throw new Error(kChanged + from)
    return code.replace(from, to)
  }
  return {
    name: 'niivue-slices-only',
    enforce: 'pre',
    transform(code, id) {
      if (!kNiivue.test(id)) return null
      const kept = new Set<string>()
      const slim = code
        .replace(/new Shader\((?:this\.)?gl, \w+, ([\w.]+(?:\(\w+\))?)\)/g, (whole, fragment: string) => {
          if (!kShadersOfSlices.includes(fragment)) return '{ use() {}, uniforms: {} }'
          kept.add(fragment)
          return whole
        })
        .replace(/gl\.getUniformLocation\(shader\.program, "\w+(?:\[0\])?"\)/g, 'null')
      for (const fragment of kShadersOfSlices) if (!kept.has(fragment)) throw new Error(kChanged + fragment)
      const text = 'await this.initText();'
      const gradient = 'this.gradientTexture = gradientGL({\n        gl: this.gl,\n        hdr,'
      return { code: replaceOnce(replaceOnce(slim, text, ''), gradient, `if (this.opts.sliceType === 4) ${gradient}`), map: null }
    },
  }
}

export default defineConfig({
  plugins: [slicesOnly()],
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
