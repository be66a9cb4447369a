// The page as it is installed, before a real node: two readers, one patient at a time.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { drag, launch, pixel, ready, settled, tab } from '../page/browser.ts'
import { kPassword, startNode, type RealNode } from './node.ts'

const program = process.env.PAROTIS_PROGRAM ?? fileURLToPath(new URL('../../../build/release/parotis', import.meta.url))
const shots = fileURLToPath(new URL('../../shots', import.meta.url))
let node: RealNode
let browser: Browser

before(async () => {
  mkdirSync(shots, { recursive: true })
  browser = await launch()
  node = await startNode(program)
  node.send(2, 880006, 'warthin=1,malignant=1')
  await node.done(2)
})
after(async () => {
  await browser?.close()
  await node?.stop()
})

interface Reader {
  page: Page
  context: BrowserContext
  errors: string[]
}

async function reader(name: string, password = kPassword): Promise<Reader> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, colorScheme: 'dark', acceptDownloads: true })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error.stack)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (401|409)/.test(message.text())) errors.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(node.url) && !/^(blob|data):/.test(request.url())) errors.push(`asked elsewhere: ${request.url()}`)
  })
  await page.goto(node.url)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByTestId('worklist').waitFor()
  return { page, context, errors }
}

/** Finds the patient by typing, and opens the study with the keyboard. */
async function open(page: Page, patient: string): Promise<void> {
  await page.goto(`${node.url}/#/`)
  await page.getByTestId('worklist').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type(patient)
  await page.getByText('1–1 of 1').waitFor()
  await page.getByTestId('row').first().getByRole('link').focus()
  await page.keyboard.press('Enter')
  await ready(page)
}

interface Mask {
  size: number[]
  spacing: number[]
  ids: Uint8Array
}

async function maskOf(page: Page, version = ''): Promise<Mask> {
  const id = /study\/([0-9a-f]+)/.exec(page.url())?.[1]
  const [view, bytes] = await page.evaluate(
    async ([id, version]) => {
      const study = await (await fetch(`/api/studies/${id}${version && `?version=${version}`}`)).json()
      const file = await fetch(`/api/studies/${id}/volumes/lesions${version && `?version=${version}`}`)
      return [study.view, [...new Uint8Array(await file.arrayBuffer())]]
    },
    [id, version],
  )
  return { size: view.size, spacing: view.spacing_mm, ids: new Uint8Array(gunzipSync(Uint8Array.from(bytes)).subarray(352)) }
}

/** Where voxel borders lie in a pane at zoom 1: a T2 series as these scanners write it, columns to the left, rows to the back. */
async function place(page: Page, mask: Mask): Promise<{ at: (i: number, j: number) => [number, number]; inside: (i: number, j: number) => [number, number]; scale: number }> {
  const box = await page.locator('[data-testid=pane-0] .pane-marks').boundingBox()
  assert.ok(box)
  const [nx, ny] = mask.size
  const [sx, sy] = mask.spacing
  const perMm = Math.min(box.width / (nx * sx), box.height / (ny * sy))
  const inside = (i: number, j: number): [number, number] => [box.width / 2 + (i - nx / 2) * sx * perMm, box.height / 2 + (j - ny / 2) * sy * perMm]
  return { inside, at: (i, j) => [box.x + inside(i, j)[0], box.y + inside(i, j)[1]], scale: perMm * sx }
}

async function isOutlinedNear(page: Page, [x, y]: [number, number], scale: number): Promise<boolean> {
  for (let d = -scale; d <= scale; d += 0.5) {
    const rgba = await pixel(page, 0, 'marks', x + d, y)
    if (rgba[0] > 170 && rgba[1] > 140 && rgba[2] < 140 && rgba[3] > 150) return true
  }
  return false
}

test('a reader logs in, finds a study, and sees the outline where the mask says', async () => {
  const { page, context, errors } = await reader('meyer')
  await page.screenshot({ path: join(shots, 'node-worklist.png') })
  await open(page, 'S880006-0002')
  await page.getByRole('button', { name: 'Show lesion 1' }).click()
  await page.keyboard.press('c')
  await settled(page)
  const mask = await maskOf(page)
  const slice = Number(await page.locator('[data-testid=pane-0]').getAttribute('data-slice')) - 1
  const [nx, ny] = mask.size
  const row = (j: number): number[] => Array.from({ length: nx }, (_, i) => mask.ids[i + nx * (j + ny * slice)])
  const counts = Array.from({ length: ny }, (_, j) => row(j).filter((id) => id === 1).length)
  const middle = counts.indexOf(Math.max(...counts))
  assert.ok(counts[middle] > 5, 'the list goes to a slice on which the lesion is')
  const { inside, scale } = await place(page, mask)
  const ids = row(middle)
  assert.ok(await isOutlinedNear(page, inside(ids.indexOf(1), middle + 0.5), scale), 'an outline at its right edge')
  assert.ok(await isOutlinedNear(page, inside(ids.lastIndexOf(1) + 1, middle + 0.5), scale), 'and at its left edge')
  assert.equal((await pixel(page, 0, 'marks', ...inside((ids.indexOf(1) + ids.lastIndexOf(1) + 1) / 2, middle + 0.5)))[3], 0, 'not filled')
  await page.screenshot({ path: join(shots, 'node-study.png') })
  assert.match((await page.getByTestId('headline').textContent()) ?? '', /Malignant/)
  assert.deepEqual(errors, [])
  await context.close()
})

test('what is measured in the page is what the files hold', async () => {
  const { page, context, errors } = await reader('meyer')
  await open(page, 'S880006-0002')
  await page.getByRole('button', { name: 'Show lesion 1' }).click()
  const mask = await maskOf(page)
  const { at } = await place(page, mask)
  await page.keyboard.press('d')
  await drag(page, at(100, 100), at(150, 100))
  const mm = Number(/([\d.]+) mm/.exec((await page.getByTestId('measure-1').textContent()) ?? '')?.[1])
  assert.ok(Math.abs(mm - 50 * mask.spacing[0]) < mask.spacing[0], `${mm} mm`)
  assert.deepEqual(errors, [])
  await context.close()
})

test('an edit becomes a segmentation and a report of the archive, beside the program\'s', async () => {
  const { page, context, errors } = await reader('meyer')
  await open(page, 'S880006-0001')
  await page.getByRole('button', { name: 'Show lesion 1' }).click()
  const before = await maskOf(page)
  await tab(page, 'Review')
  await page.getByTestId('edit').click()
  await page.getByTestId('edit-panel').waitFor()
  const { at } = await place(page, before)
  await drag(page, at(100, 60), at(120, 60))
  await page.getByLabel('Malignant tumour', { exact: true }).check()
  await page.getByTestId('edit-reason').fill('It invades the skin; ill-defined margin.')
  // A reload in the middle loses nothing.
  await page.locator('[data-testid=edit-panel][data-kept=true]').waitFor()
  await page.reload()
  await ready(page)
  await page.getByTestId('resume-draft').click()
  await page.getByTestId('edit-panel').waitFor()
  assert.equal(await page.getByTestId('edit-reason').inputValue(), 'It invades the skin; ill-defined margin.')
  await page.getByTestId('save-edit').click()
  await page.getByTestId('edit-panel').waitFor({ state: 'detached' })
  await page.locator('[data-testid=study]:not([data-version^=analysis])[data-outlines=true]').waitFor()
  const version = (await page.getByTestId('study').getAttribute('data-version')) ?? ''
  const edited = await maskOf(page, version)
  const slice = Number(await page.locator('[data-testid=pane-0]').getAttribute('data-slice')) - 1
  const voxel = (mask: Mask, i: number, j: number): number => mask.ids[i + mask.size[0] * (j + mask.size[1] * slice)]
  assert.equal(voxel(before, 110, 60), 0)
  assert.ok(voxel(edited, 110, 60) > 0, 'what was drawn is in the new version')
  await page.screenshot({ path: join(shots, 'node-edited.png') })
  // The objects themselves, as others read them.
  await tab(page, 'Files')
  const taken: Record<string, string> = {}
  for (const name of ['segmentation.dcm', 'report.dcm']) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`a[href*="/files/${name}"]`).click()])
    taken[name] = join(node.folder, name)
    await download.saveAs(taken[name])
  }
  const dump = (file: string): string => execFileSync('dcmdump', ['-q', '+L', file], { encoding: 'utf8' })
  assert.match(dump(taken['segmentation.dcm']), /\[(SEMIAUTOMATIC|MANUAL)\]/)
  const report = execFileSync('dsrdump', ['-q', '+Pl', taken['report.dcm']], { encoding: 'utf8' })
  assert.match(report, /Dr\. A\. Meyer/)
  assert.match(report, /It invades the skin/)
  assert.match(dump(taken['report.dcm']), /PredecessorDocumentsSequence/)
  const errorsOf = (file: string): string[] => {
    try {
      return execFileSync('dciodvfy', ['-new', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\n').filter((line) => /^Error/.test(line))
    } catch (error) {
      return String((error as { stderr?: string }).stderr).split('\n').filter((line) => /^Error/.test(line))
    }
  }
  for (const file of Object.values(taken)) assert.deepEqual(errorsOf(file), [], file)
  assert.deepEqual(errors, [])
  await context.close()
})

test('of two readers at once the second is told, and nothing of his is lost', async () => {
  const [meyer, rossi] = [await reader('meyer'), await reader('rossi')]
  for (const { page } of [meyer, rossi]) {
    await open(page, 'S880006-0002')
    await tab(page, 'Review')
  }
  await meyer.page.getByTestId('accept').click()
  await meyer.page.getByTestId('confirm').click()
  await meyer.page.getByText('Last decision: accept by Dr. A. Meyer.').waitFor()
  await rossi.page.getByTestId('reject').click()
  await rossi.page.getByTestId('reason').fill('Motion.')
  await rossi.page.getByTestId('confirm').click()
  const question = rossi.page.getByTestId('question')
  assert.match((await question.textContent()) ?? '', /Dr\. A\. Meyer/)
  await question.locator('[data-answer=over]').click()
  await rossi.page.getByText('Last decision: reject by Dr. B. Rossi.').waitFor()
  await rossi.page.goto(`${node.url}/#/`)
  await rossi.page.getByTestId('row').filter({ hasText: 'S880006-0002' }).getByText('Rejected').waitFor()
  for (const { context, errors } of [meyer, rossi]) {
    assert.deepEqual(errors, [])
    await context.close()
  }
})

test('every view is free of what axe calls serious', async () => {
  const { page, context } = await reader('chief')
  const axe = readFileSync(fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8')
  const findings = async (where: string): Promise<string[]> => {
    // evaluate() is not bound by the page's Content-Security-Policy, a script element would be.
    await page.evaluate(axe)
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: { impact: string; id: string; nodes: { html: string }[] }[] }> } }
      return (await axe.run()).violations
    })
    return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${where}: ${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`)
  }
  const all: string[] = []
  all.push(...(await findings('worklist')))
  await open(page, 'S880006-0001')
  all.push(...(await findings('findings')))
  for (const name of ['Why', 'Review', 'Versions', 'Files']) {
    await tab(page, name)
    all.push(...(await findings(name)))
  }
  for (const name of ['Users', 'Audit trail']) {
    await page.getByRole('link', { name }).click()
    await page.waitForTimeout(500)
    all.push(...(await findings(name)))
  }
  await page.screenshot({ path: join(shots, 'node-audit.png') })
  assert.match((await page.locator('main').textContent()) ?? '', /review/)
  assert.deepEqual(all, [])
  await context.close()
})
