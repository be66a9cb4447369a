// The laboratory's page in a browser, before the program itself: a finished study, and one that runs.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launch } from '../page/browser.ts'
import { browse, makeStudy, type Browsing, type Study } from './study.ts'

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const kShots = fileURLToPath(new URL('../../shots', import.meta.url))

let browser: Browser
let study: Study
let lab: Browsing
let context: BrowserContext
let page: Page
const errors: string[] = []

async function visit(at: Browsing): Promise<[BrowserContext, Page]> {
  const fresh = await browser.newContext({ viewport: { width: 1366, height: 900 }, colorScheme: 'dark' })
  const opened = await fresh.newPage()
  opened.setDefaultTimeout(20000)
  opened.on('pageerror', (error) => errors.push(String(error.stack)))
  opened.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await opened.goto(at.address)
  return [fresh, opened]
}

before(async () => {
  mkdirSync(kShots, { recursive: true })
  browser = await launch()
  study = makeStudy()
  study.finish()
  for (const task of study.tasks().filter(({ kind }) => kind === 'member')) study.learn(task, 10, 40)
  lab = await browse(study)
  ;[context, page] = await visit(lab)
})

after(async () => {
  await context?.close()
  await browser?.close()
  await lab?.stop()
  study?.remove()
})

const outlines = (of: Page): Promise<void> => of.locator('[data-testid=images][data-outlines=true]').waitFor()
const focused = (of: Page): Promise<string> => of.evaluate(() => document.activeElement?.textContent ?? '')
const to = async (hash: string): Promise<void> => void (await page.goto(`${lab.url}/${hash}`))

async function seriousFindings(): Promise<string[]> {
  await page.evaluate(kAxe)
  const found = (await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: unknown[] }> } }
    return (await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })).violations
  })) as { id: string; impact: string; nodes: { html: string; any: { message: string }[] }[] }[]
  return found.map((f) => `${f.impact} ${f.id}: ${f.nodes.map((n) => `${n.html.slice(0, 140)} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
}

test('the address opens the page once, and its token leaves the address bar', async () => {
  await page.getByTestId('figures').waitFor()
  assert.equal(new URL(page.url()).hash, '#/overview')
  assert.equal(await page.getByTestId('member-done').textContent(), '12')
  assert.equal(await page.getByTestId('run-done').textContent(), '8')
  const stranger = await browser.newContext()
  const other = await stranger.newPage()
  await other.goto(lab.address)
  await other.getByText('This page is not open to you yet').waitFor()
  await stranger.close()
})

test('another tab of the same browser needs no address, and nothing is kept where other ports could have it', async () => {
  assert.deepEqual(await context.cookies(), [])
  const beside = await context.newPage()
  await beside.goto(`${lab.url}/#/compare`)
  await beside.getByTestId('compare').waitFor()
  // The printed address in a tab that stands open: it is of no more use, and does no harm.
  await beside.goto(lab.address)
  await beside.getByTestId('figures').waitFor()
  assert.equal(new URL(beside.url()).hash, '#/overview')
  await beside.close()
})

test("the table has the report's figures, is sorted by a click, and the address keeps it", async () => {
  const table = page.getByTestId('figures')
  assert.equal(await table.locator('tbody tr').count(), 2)
  assert.match((await table.locator('tbody tr').first().textContent()) ?? '', /0\.\d\d\s0\.\d\d\sto\s0\.\d\d\s\(\d+\/24\)/)
  await page.getByRole('button', { name: 'Strict accuracy' }).click()
  await page.getByTestId('which-table').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Sensitivity' }).click()
  const first = await table.locator('tbody tr').first().textContent()
  await page.reload()
  await table.waitFor()
  assert.equal(await table.locator('tbody tr').first().textContent(), first)
  assert.equal(await table.locator('th[aria-sort=descending]').textContent(), 'Sensitivity ↓')
})

test('learning curves of every set say their values under the mouse and by the keyboard', async () => {
  const panel = page.getByTestId('curve').first()
  await panel.waitFor()
  assert.equal(await page.getByTestId('curve').count(), 2)
  await panel.locator('.catch').hover()
  assert.match((await panel.getByTestId('reading').textContent()) ?? '', /iteration \d+: mean \d\.\d{3}.*\(6\)/)
  await panel.locator('.catch').press('ArrowRight')
  await page.screenshot({ path: `${kShots}/lab-overview.png`, fullPage: true })
})

test('points of the ROC curve name patients, and the keyboard opens one', async () => {
  await to('#/compare')
  const marks = page.getByTestId('roc').locator('.mark')
  await marks.first().waitFor()
  await marks.first().focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Home')
  assert.match((await page.getByTestId('roc').locator('.reading').textContent()) ?? '', /threshold 0\.\d+, sensitivity/)
  await page.keyboard.press('Enter')
  await page.getByTestId('picked').or(page.getByTestId('patient')).first().waitFor()
})

test('a bin of the calibration lists its patients, and a filter hides the others', async () => {
  await to('#/compare')
  await page.getByTestId('calibration').locator('.mark').first().click()
  const picked = await page.getByTestId('picked').locator('tbody tr').count()
  assert.match(await focused(page), /\d+ patients$/)
  await page.getByTestId('picked').getByRole('button', { name: 'Close' }).click()
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'button')
  await page.keyboard.press('Enter')
  assert.match((await page.getByTestId('picked').locator('h2').textContent()) ?? '', new RegExp(`${picked} patients`))
  await page.getByTestId('filter').locator('select').first().selectOption('alpha')
  assert.equal(await page.getByTestId('patients').locator('tbody tr').count(), 8)
  await page.reload()
  await page.getByTestId('patients').waitFor()
  assert.equal(await page.getByTestId('patients').locator('tbody tr').count(), 8)
  await page.screenshot({ path: `${kShots}/lab-compare.png`, fullPage: true })
})

test("a patient's images carry the reference and the predictions that were chosen", async () => {
  await to('#/compare?truth=alpha')
  await page.getByTestId('patients').getByRole('link').nth(1).click()
  await outlines(page)
  await page.locator('[data-testid=pane-0][data-ready=true]').waitFor()
  assert.equal(await page.getByTestId('truth').textContent(), 'Alpha')
  assert.match((await page.getByTestId('legend').textContent()) ?? '', /solid: reference.*dashed: /)
  assert.equal(await page.getByTestId('said').locator(':scope > li').count(), 2)
  await page.keyboard.press('ArrowDown')
  await page.waitForURL(/slice=\d/)
  await page.screenshot({ path: `${kShots}/lab-patient.png` })
  // The next patient is shown at his own lesion, not where one was with this one.
  await page.keyboard.press('Home')
  await page.waitForURL(/slice=1&/)
  await page.getByTestId('next-patient').click()
  await outlines(page)
  assert.equal(await page.getByTestId('slice-slider').inputValue(), '2')
})

test('who comes to another page or patient finds its heading in focus and its name in the title', async () => {
  await to('#/compare')
  await page.getByTestId('compare').waitFor()
  assert.deepEqual([await focused(page), await page.title()], ['Compare', 'Compare · fake · parotis'])
  const link = page.getByTestId('patients').getByRole('link').first()
  const name = (await link.textContent()) ?? ''
  await link.click()
  await page.getByTestId('patient').waitFor()
  assert.deepEqual([await focused(page), await page.title()], [name, `${name} · fake · parotis`])
  await page.reload()
  await page.getByTestId('patient').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY')
})

test('another examination of a patient begins at a slice of its own, and the address names it', async () => {
  await to('#/patient/patient%20free?slice=1')
  await outlines(page)
  await page.getByTestId('examination').selectOption('free_01')
  await page.waitForURL(/case=free_01$/)
  await outlines(page)
  assert.notEqual(await page.getByTestId('slice-slider').inputValue(), '1')
  await page.reload()
  await outlines(page)
  assert.equal(await page.getByTestId('examination').inputValue(), 'free_01')
})

test('what fails is said, hides nothing else, and is tried again by itself or when asked', async () => {
  await page.route('**/api/lab/cases/alpha_01', (route) => route.abort())
  await to('#/patient/patient%20alpha_01')
  await page.getByTestId('failure').getByText('parotis browse does not answer').waitFor()
  await page.unroute('**/api/lab/cases/alpha_01')
  let refused = ''
  await page.route('**/volumes/task-*', (route) => {
    refused ||= route.request().url()
    return route.request().url() === refused ? route.abort() : route.continue()
  })
  await page.getByTestId('failure').getByText('No outlines of').waitFor()
  assert.match((await page.getByTestId('legend').textContent()) ?? '', /solid: reference.*dashed: /)
  await page.unroute('**/volumes/task-*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByTestId('failure').waitFor({ state: 'detached' })
  assert.match((await page.getByTestId('legend').textContent()) ?? '', /solid: reference.*dashed: .*dashed: /)
})

test('a browser that refuses to change the address does not stop the slices', async () => {
  await to('#/patient/patient%20alpha_00?slice=1')
  await outlines(page)
  await page.evaluate(() => {
    History.prototype.replaceState = () => {
      throw new DOMException('too often', 'SecurityError')
    }
  })
  for (let n = 0; n < 3; n++) {
    await page.keyboard.press('ArrowDown')
    await page.waitForTimeout(250)
  }
  assert.equal(await page.getByTestId('slice-slider').inputValue(), '4')
  await page.reload()
})

test('beside the charts stand their numbers', async () => {
  await to('#/compare')
  await page.getByTestId('roc').getByText('As a table').click()
  assert.equal(await page.getByTestId('roc-fixed').locator('tbody tr').count(), 6)
  assert.match((await page.getByTestId('roc-fixed').locator('tbody tr').first().textContent()) ?? '', /0\.80.*to/)
  await page.getByTestId('roc-steps').getByRole('button').first().click()
  await page.getByTestId('picked').or(page.getByTestId('patient')).first().waitFor()
  await to('#/compare')
  await page.getByTestId('scatter').getByText('As a table').click()
  assert.equal(await page.getByTestId('scatter-table').locator('tbody tr').count(), 24)
})

test('axe finds nothing on any view, dark or light', async () => {
  for (const hash of ['#/overview', '#/compare', '#/patient/patient%20alpha_00']) {
    await to(hash)
    await page.getByTestId(hash === '#/overview' ? 'figures' : hash === '#/compare' ? 'roc' : 'patient').waitFor()
    assert.deepEqual(await seriousFindings(), [], hash)
    await page.getByTestId('theme').click()
    await page.getByTestId('theme').click()
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light')
    assert.deepEqual(await seriousFindings(), [], `${hash}, light`)
    if (hash === '#/compare') await page.screenshot({ path: `${kShots}/lab-compare-light.png`, fullPage: true })
    await page.getByTestId('theme').click()
  }
})

test('a study that runs: curves grow, tasks are counted, figures come when a set is complete', async () => {
  const running = makeStudy()
  const at = await browse(running)
  const [other, live] = await visit(at)
  try {
    await live.getByTestId('problem').getByText('holds no study yet').waitFor()
    const work = running.run()
    await live.getByTestId('progress').waitFor()
    const member = running.tasks()[0]
    running.learn(member, 10, 3)
    const curve = live.getByTestId('curve').first()
    await live.waitForFunction(() => document.querySelector('[data-testid=curve]')?.getAttribute('data-points') === '3')
    running.learn(member, 40, 5)
    await live.waitForFunction(() => document.querySelector('[data-testid=curve]')?.getAttribute('data-points') === '8')
    assert.match((await curve.getByTestId('reading').textContent()) ?? '', /iteration 80/)
    await work
    await live.getByTestId('figures').waitFor()
    await live.waitForFunction(() => document.querySelector('[data-testid=member-done]')?.textContent === '12')
  } finally {
    await other.close()
    await at.stop()
    running.remove()
  }
})

test('nothing went wrong in the page', () => {
  assert.deepEqual(errors.filter((error) => !/status of (401|403|404)|net::ERR_FAILED/.test(error)), [])
})
