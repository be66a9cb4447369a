import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drag, openStudy, paneBox, visit } from './browser.ts'

test('a distance is measured in millimetres, and kept for the visit', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=12')
    const { at } = await paneBox(v.page, 0)
    await v.page.keyboard.press('d')
    // 30 columns and 40 rows of 1 mm.
    await drag(v.page, at(40, 40), at(70, 80))
    const text = (await v.page.getByTestId('measure-1').textContent()) ?? ''
    const mm = Number(/([\d.]+) mm/.exec(text)?.[1])
    assert.ok(Math.abs(mm - 50) < 0.6, text)
    await v.page.reload()
    await v.page.getByTestId('measure-1').waitFor()
    await v.page.getByLabel('Remove measurement 1').click()
    assert.equal(await v.page.getByTestId('measure-1').count(), 0)
    const posts = [...v.mock.asked.keys()].filter((key) => key.startsWith('POST') && !/login|open/.test(key))
    assert.deepEqual(posts, [], 'measurements are never sent')
  }))

test('an ellipse in the tumour gives the ADC that is there, and the pane\'s own channel', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=12')
    const { at } = await paneBox(v.page, 0)
    await v.page.keyboard.press('e')
    await drag(v.page, at(92, 64), at(102, 72))
    const adc = v.page.getByTestId('values-1-ADC')
    await adc.getByText('1.00 ± 0.00').waitFor()
    assert.match((await adc.textContent()) ?? '', /\(1\.00–1\.00 ·10⁻³ mm²\/s, n \d+\)/)
    assert.match((await v.page.getByTestId('values-1-T2').textContent()) ?? '', /T2 6\d\d ± /)
    const area = Number(/([\d.]+) mm²/.exec((await v.page.getByTestId('measure-1').textContent()) ?? '')?.[1])
    assert.ok(Math.abs(area - Math.PI * 5 * 4) < 3, `${area} mm²`)
    // A second one, freehand, stays beside the first.
    await v.page.keyboard.press('f')
    await v.page.mouse.move(...at(60, 90))
    await v.page.mouse.down()
    for (const [c, r] of [[70, 90], [70, 100], [60, 100], [60, 90.5]] as const) await v.page.mouse.move(...at(c, r), { steps: 3 })
    await v.page.mouse.up()
    await v.page.getByTestId('values-2-ADC').getByText('0.90 ± 0.00').waitFor()
    assert.equal(await v.page.getByTestId('measure-1').count(), 1)
  }))

test('a distance can be measured with the keyboard alone', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=12')
    await v.page.locator('[data-testid=pane-0] .pane-marks').focus()
    await v.page.keyboard.press('d')
    await v.page.keyboard.press('Enter')
    for (let n = 0; n < 12; n++) await v.page.keyboard.press('Shift+ArrowRight')
    await v.page.keyboard.press('Enter')
    assert.match((await v.page.getByTestId('measure-1').textContent()) ?? '', /12\.0 mm/)
  }))
