// What the built page may not hold: the node's Content-Security-Policy would stop it, or it would ask somebody outside.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const kDist = fileURLToPath(new URL('../../dist', import.meta.url))

// Each is text that Niivue or Preact carries and nothing asks for.
const kAddresses: [RegExp, string][] = [
  [/^http:\/\/www\.w3\.org\//, 'names of XML namespaces; a browser does not fetch them'],
  [/^https:\/\/github\.com\/niivue\/niivue/, "Niivue's own description of its package"],
  [/^https:\/\/(en\.wikipedia\.org|(www\.)?webglfundamentals\.org|stackoverflow\.com|math\.stackexchange\.com|gamedev\.stackexchange\.com|bgolus\.medium\.com|github\.com\/eskimoblood)\//, "comments in Niivue's shaders"],
  [/^http:\/\/www\.aclockworkberry\.com\//, "a comment in Niivue's shaders"],
  [/^http:\/\/dx\.doi\.org|^https:\/\/doi\.org/, 'references in comments'],
]

const kDocuments = ['index.html', 'lab.html']
const files = (): [string, string][] => {
  assert.ok(existsSync(`${kDist}/index.html`), 'run npm run build first')
  return [...kDocuments.map((name): [string, string] => [name, readFileSync(`${kDist}/${name}`, 'utf8')]), ...readdirSync(`${kDist}/assets`).map((name): [string, string] => [name, readFileSync(`${kDist}/assets/${name}`, 'utf8')])]
}

test('the pages have no script, style or handler of their own within the HTML', () => {
  for (const [, html] of files().slice(0, kDocuments.length)) {
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/)
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=/i)
    for (const [, source] of html.matchAll(/(?:src|href)="([^"]+)"/g)) assert.match(source, /^\/(assets\/[\w.-]+-[\w-]{8}\.(js|css)|icon\.svg)$/)
  }
})

test('no code is made of text', () => {
  for (const [name, text] of files()) assert.doesNotMatch(text, /\beval\(|new Function\(|setTimeout\("|document\.write\(/, name)
})

test('nothing is fetched from elsewhere', () => {
  for (const [name, text] of files())
    for (const [address] of text.matchAll(/(?:https?|wss?):\/\/[\w.-]+[^\s"'`)\\]*/g)) assert.ok(kAddresses.some(([known]) => known.test(address)), `${name} holds ${address}`)
})

test('styles ask for nothing', () => {
  for (const [name, text] of files()) if (name.endsWith('.css')) assert.doesNotMatch(text, /@import|url\(/, name)
})
