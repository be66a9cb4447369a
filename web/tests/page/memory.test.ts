import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startMock } from '../../mock/server.ts'
import { kLarge, type Phantom } from '../../mock/volumes.ts'
import { launch, logIn, openPage, studyHash } from './browser.ts'

const kMost_MB = 500

/** What the page's process and the graphics process hold for themselves and their share of the rest, in MB. */
async function held_MB(browser: Browser): Promise<Record<string, number>> {
  const client = await browser.newBrowserCDPSession()
  const { processInfo } = (await client.send('SystemInfo.getProcessInfo')) as { processInfo: { type: string; id: number }[] }
  await client.detach()
  const held: Record<string, number> = {}
  for (const { type, id } of processInfo) {
    if (type !== 'renderer' && type !== 'GPU') continue
    const share_kB = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    held[type] = Math.round((held[type] ?? 0) + share_kB / 1000)
  }
  return held
}

test('twenty studies of real size leave less than 500 MB behind', async (t) => {
  const mock = await startMock({ studies: 40 })
  const phantom: Phantom = { geometry: kLarge, lesions: [{ id: 1, centre: [240, 170, 12], radii: [22, 17, 3], adc_um2_s: 1000 }] }
  const shown = mock.studies.flatMap((s, n) => (s.row.state === 'done' ? [n] : [])).slice(0, 20)
  for (const n of shown) mock.studies[n].phantom = phantom
  const browser = await launch()
  const { page, errors } = await openPage(browser, mock, {})
  page.setDefaultTimeout(60000)
  await page.goto(mock.url)
  await logIn(page, 'meyer')
  const first = await held_MB(browser)
  for (const n of shown) {
    await page.goto(`${mock.url}/${studyHash(mock, n)}`)
    await page.waitForFunction(() => document.querySelectorAll('.pane').length > 0 && document.querySelectorAll('.pane[data-ready=false]').length === 0)
    await page.goto(`${mock.url}/#/worklist`)
    await page.getByTestId('worklist').waitFor()
    assert.equal(await page.locator('canvas').count(), 0)
  }
  await page.waitForTimeout(1500)
  const last = await held_MB(browser)
  t.diagnostic(`before: ${JSON.stringify(first)} MB, after ${shown.length} studies: ${JSON.stringify(last)} MB`)
  await browser.close()
  await mock.close()
  assert.deepEqual(errors, [])
  assert.equal(shown.length, 20)
  const sum = Object.values(last).reduce((a, b) => a + b, 0)
  assert.ok(sum < kMost_MB, `${sum} MB`)
})
