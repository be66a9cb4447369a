// Whether images can be shown at all, asked without loading Niivue.

export function hasWebGl(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  gl?.getExtension('WEBGL_lose_context')?.loseContext()
  return gl !== null
}
