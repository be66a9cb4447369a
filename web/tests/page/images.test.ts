import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { lesionMask } from '../../mock/volumes.ts'
import { drag, openStudy, paneBox, pixel, settled, visit } from './browser.ts'

const isYellow = (rgba: number[]): boolean => rgba[0] > 180 && rgba[1] > 150 && rgba[2] < 140 && rgba[3] > 180

/** An outline within half an image pixel of a place in the pane. */
async function yellowNear(page: Page, [x, y]: [number, number], scale: number): Promise<boolean> {
  for (let d = -scale / 2; d <= scale / 2; d += 0.5)
    for (const [dx, dy] of [[d, 0], [0, d]]) if (isYellow(await pixel(page, 0, 'marks', x + dx, y + dy))) return true
  return false
}

test('the image and the outline lie where the mask says', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=12')
    await v.page.keyboard.press('c')
    await settled(v.page)
    const { inside, scale } = await paneBox(v.page, 0)
    const mask = lesionMask(v.mock.studies[0].phantom)
    // Along the row through the lesion's middle: voxels run to the patient's left, as the screen does.
    const row = Array.from({ length: 128 }, (_, i) => mask[i + 128 * (68 + 128 * 11)])
    const [first, last] = [row.indexOf(1), row.lastIndexOf(1)]
    assert.ok(await yellowNear(v.page, inside(first, 68.5), scale), 'no outline at the left edge')
    assert.ok(await yellowNear(v.page, inside(last + 1, 68.5), scale), 'no outline at the right edge')
    assert.equal((await pixel(v.page, 0, 'marks', ...inside(97, 68.5)))[3], 0, 'outlines are not filled')
    const bright = await pixel(v.page, 0, 'image', ...inside(97.5, 68.5))
    const dark = await pixel(v.page, 0, 'image', ...inside(97.5, 40))
    assert.ok(bright[0] > dark[0] + 60, `the tumour is bright on T2: ${bright[0]} and ${dark[0]}`)
    // Just inside and just outside, the image itself changes where the outline is.
    const inner = await pixel(v.page, 0, 'image', ...inside(first + 1.5, 68.5))
    assert.ok(inner[0] > dark[0] + 60)
  }))

test('a coronal grid with axes the other way round is shown upright, outline on the tumour', () =>
  visit({}, async (v) => {
    await openStudy(v, 9)
    await v.page.keyboard.press('c')
    await settled(v.page)
    const { phantom } = v.mock.studies[9]
    const [, , nz] = phantom.geometry.size
    const [nx] = phantom.geometry.size
    const box = await v.page.locator('[data-testid=pane-0] .pane-marks').boundingBox()
    assert.ok(box)
    // Columns: voxel i grows to the patient's right, which is the screen's left. Rows: k grows downwards.
    const scale = Math.min(box.width / (nx * 1.2), box.height / nz)
    const place = (i: number, k: number): [number, number] => [box.width / 2 + (nx / 2 - (i + 0.5)) * 1.2 * scale, box.height / 2 + (k + 0.5 - nz / 2) * scale]
    const [ci, , ck] = phantom.lesions[0].centre
    const tumour = await pixel(v.page, 0, 'image', ...place(ci, ck))
    const mirrored = await pixel(v.page, 0, 'image', ...place(nx - 1 - ci, ck))
    assert.ok(tumour[0] > mirrored[0] + 20, `${tumour[0]} and ${mirrored[0]}`)
    const edge = phantom.lesions[0].radii[2] + 0.5
    assert.ok(await yellowNear(v.page, place(ci, ck - edge), scale), 'no outline at the top edge')
    assert.equal(await v.page.locator('[data-testid=pane-0] .edge.top').textContent(), 'S')
    assert.equal(await v.page.locator('[data-testid=pane-0] .edge.left').textContent(), 'R')
  }))

test('slice, zoom and pan are the same in every pane', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=5')
    const marks = v.page.locator('[data-testid=pane-0] .pane-marks')
    await marks.hover()
    await v.page.mouse.wheel(0, 100)
    await settled(v.page)
    for (const n of [0, 1, 2, 3]) assert.equal(await v.page.locator(`[data-testid=pane-${n}]`).getAttribute('data-slice'), '6')
    await v.page.waitForFunction(() => location.hash.includes('slice=6'))
    await v.page.keyboard.press('End')
    assert.equal(await v.page.locator('[data-testid=pane-3]').getAttribute('data-slice'), '20')
    const { inside } = await paneBox(v.page, 1)
    await v.page.keyboard.press('Home')
    await v.page.keyboard.press('+')
    await v.page.keyboard.press('+')
    await v.page.keyboard.press('+')
    await settled(v.page)
    // Zoomed by almost two, a place outside the head at zoom 1 is inside it.
    const at = inside(64, 6)
    assert.ok((await pixel(v.page, 1, 'image', ...at))[0] > 40)
    await v.page.keyboard.press('0')
    await settled(v.page)
    assert.ok((await pixel(v.page, 1, 'image', ...at))[0] < 20)
  }))

test('dragging with the right button changes one pane\'s window, and r resets it', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=12')
    const window = v.page.locator('[data-testid=pane-0] [data-testid=window]')
    const other = v.page.locator('[data-testid=pane-2] [data-testid=window]')
    const [before, otherBefore] = [await window.textContent(), await other.textContent()]
    const { at, inside } = await paneBox(v.page, 0)
    const grey = await pixel(v.page, 0, 'image', ...inside(64, 100))
    await drag(v.page, at(64, 64), at(90, 64), 'right')
    assert.notEqual(await window.textContent(), before)
    assert.equal(await other.textContent(), otherBefore)
    assert.notDeepEqual(await pixel(v.page, 0, 'image', ...inside(64, 100)), grey)
    await v.page.keyboard.press('r')
    await settled(v.page)
    assert.equal(await window.textContent(), before)
    assert.deepEqual(await pixel(v.page, 0, 'image', ...inside(64, 100)), grey)
  }))

test('a click in the lesion list goes to the lesion, and n to the next one', () =>
  visit({}, async (v) => {
    await openStudy(v, 1, '?slice=1')
    await v.page.getByRole('button', { name: 'Show lesion 2' }).click()
    await settled(v.page)
    assert.equal(await v.page.locator('[data-testid=pane-0]').getAttribute('data-slice'), '9')
    // The crosshair is on the lesion: the value in the ADC pane is the lesion's.
    assert.match((await v.page.locator('[data-testid=pane-1] [data-testid=value]').textContent()) ?? '', /^1\.60 /)
    await v.page.keyboard.press('n')
    assert.equal(await v.page.locator('[data-testid=pane-0]').getAttribute('data-slice'), '12')
  }))

test('outlines, probability and ADC overlays go on and off with a key, with a legend in units', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=12')
    const { inside } = await paneBox(v.page, 0)
    const plain = await pixel(v.page, 0, 'image', ...inside(97, 68))
    await v.page.keyboard.press('p')
    await v.page.waitForTimeout(600)
    const red = await pixel(v.page, 0, 'image', ...inside(97, 68))
    assert.notDeepEqual(red, plain)
    assert.ok(red[0] > red[2] + 20, `warm colours: ${red}`)
    assert.match((await v.page.getByTestId('legend').textContent()) ?? '', /Tumour probability/)
    await v.page.keyboard.press('p')
    await v.page.waitForTimeout(400)
    assert.deepEqual(await pixel(v.page, 0, 'image', ...inside(97, 68)), plain)
    await v.page.keyboard.press('a')
    await v.page.waitForTimeout(400)
    assert.match((await v.page.getByTestId('legend').textContent()) ?? '', /ADC.*10⁻³ mm²\/s/)
    const green = await pixel(v.page, 0, 'image', ...inside(97, 68))
    assert.notDeepEqual(green, plain)
    await v.page.keyboard.press('l')
    await settled(v.page)
    const cross = v.page.locator('[data-testid=pane-0] .pane-marks')
    assert.match((await cross.getAttribute('aria-label')) ?? '', /axial slice 12 of 20/)
  }))

test('the number of panes can be 1, 2, 4 and 6, and each shows the series one chooses', () =>
  visit({}, async (v) => {
    await openStudy(v, 0)
    for (const n of [1, 2, 6, 4]) {
      await v.page.keyboard.press(String(n))
      await v.page.waitForFunction((n) => document.querySelectorAll('.pane[data-ready=true]').length === n, n)
    }
    await v.page.getByLabel('Series in pane 1').selectOption('B0')
    await v.page.locator('[data-testid=pane-0][data-channel=B0][data-ready=true]').waitFor()
    // B0 of the head is about 300 of 700.
    await v.page.keyboard.press('c')
    await settled(v.page)
    const { inside } = await paneBox(v.page, 0)
    const [grey] = await pixel(v.page, 0, 'image', ...inside(64, 100))
    assert.ok(grey > 85 && grey < 135, String(grey))
  }))

test('before and after alignment are compared by a swipe on T2', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=12&tab=why')
    await v.page.getByTestId('swipe-B1000').click()
    await v.page.waitForTimeout(800)
    const { inside, at } = await paneBox(v.page, 0)
    const before = v.page.locator('[data-testid=pane-0] .pane-image').nth(1)
    assert.match((await before.getAttribute('style')) ?? '', /inset\(0(px)? 50%/)
    await drag(v.page, at(64, 30), at(110, 30))
    assert.doesNotMatch((await before.getAttribute('style')) ?? '', /inset\(0(px)? 50%/)
    assert.ok((await pixel(v.page, 0, 'image', ...inside(97, 68)))[3] > 0)
    await v.page.getByLabel('Series in pane 1').selectOption('B1000|checker')
    await v.page.waitForTimeout(400)
    assert.match((await before.getAttribute('style')) ?? '', /path\(/)
  }))

test('the first pane is drawn when its volume has come, before the others', () =>
  visit({}, async (v) => {
    v.mock.delay_ms = 700
    await v.page.goto(`${v.mock.url}/#/study/${v.mock.studies[0].row.id}?slice=12`)
    await v.page.locator('[data-testid=pane-0][data-ready=true]').waitFor()
    assert.equal(await v.page.locator('[data-testid=pane-3]').getAttribute('data-ready'), 'false')
    await v.page.locator('[data-testid=pane-3][data-ready=true]').waitFor()
  }))
