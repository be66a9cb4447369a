import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMock } from '../../mock/server.ts'
import { kLarge, type Phantom } from '../../mock/volumes.ts'
import { startPlainBrowser } from './plain_browser.ts'

const kMost_MB = 500

const until = (condition: string): string => `new Promise((done) => { const look = () => (${condition}) ? done(true) : setTimeout(look, 50); look() })`

const kLogIn = `(async () => {
  await ${until("document.querySelector('[name=password]')")}
  for (const [name, value] of [['name', 'meyer'], ['password', 'reading-room']]) document.querySelector('[name=' + name + ']').value = value
  document.querySelector('form').requestSubmit()
  await ${until("document.querySelector('[data-testid=row]')")}
})()`

test('twenty studies of real size leave less than 500 MB behind', async (t) => {
  const mock = await startMock({ studies: 40 })
  const phantom: Phantom = { geometry: kLarge, lesions: [{ id: 1, centre: [240, 170, 12], radii: [22, 17, 3], adc_um2_s: 1000 }] }
  const shown = mock.studies.filter((s) => s.row.state === 'done').slice(0, 20)
  for (const study of shown) study.phantom = phantom
  const browser = await startPlainBrowser(mock.url)
  t.after(async () => {
    await browser.close()
    await mock.close()
  })
  await browser.evaluate(kLogIn)
  const first = await browser.held_MB()
  for (const { row } of shown) {
    await browser.evaluate(`location.hash = '#/study/${row.id}'`)
    await browser.evaluate(until("document.querySelectorAll('.pane').length > 0 && document.querySelectorAll('.pane[data-ready=false]').length === 0"))
    await browser.evaluate("location.hash = '#/worklist'")
    await browser.evaluate(until("document.querySelector('[data-testid=worklist]')"))
    assert.equal(await browser.evaluate("document.querySelectorAll('canvas').length"), 0)
  }
  await new Promise((done) => setTimeout(done, 8000))
  const last = await browser.held_MB()
  t.diagnostic(`before: ${JSON.stringify(first)} MB, after ${shown.length} studies: ${JSON.stringify(last)} MB`)
  assert.equal(shown.length, 20)
  assert.ok(last.renderer + last.GPU < kMost_MB, `${last.renderer + last.GPU} MB`)
})
