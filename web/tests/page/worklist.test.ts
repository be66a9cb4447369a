import assert from 'node:assert/strict'
import { test } from 'node:test'
import { finish } from '../../mock/studies.ts'
import { openStudy, settled, visit } from './browser.ts'

test('the list is filtered and sorted, and its address brings back the same', () =>
  visit({ studies: 60 }, async ({ page }) => {
    await page.getByTestId('row').first().waitFor()
    assert.equal(await page.getByTestId('row').count(), 50)
    await page.getByText('1–50 of 60').waitFor()
    await page.getByTestId('search').fill('rossi')
    await page.getByText('1–6 of 6').waitFor()
    await page.getByTestId('search').fill('')
    await page.locator('summary', { hasText: 'Answer' }).click()
    await page.getByLabel('Malignant tumour').check()
    await page.getByText('1–6 of 6').waitFor()
    await page.getByRole('button', { name: /^Patient/ }).click()
    const names = await page.locator('[data-testid=row] th').allTextContents()
    assert.deepEqual(names, [...names].sort())
    await page.reload()
    await page.getByText('1–6 of 6').waitFor()
    await page.getByTestId('clear-filters').click()
    await page.getByText('1–50 of 60').waitFor()
    await page.getByLabel('Next page').click()
    await page.getByText('51–60 of 60').waitFor()
  }))

test('rows change in place: the other rows and the scroll stay', () =>
  visit({ studies: 100 }, async ({ page, mock }) => {
    await page.getByTestId('row').first().waitFor()
    await page.evaluate(() => {
      const box = document.querySelector('.worklist .table-box')
      if (box) box.scrollTop = 300
      document.querySelectorAll<HTMLElement>('[data-testid=row]').forEach((row) => (row.dataset.seen = 'yes'))
    })
    const running = mock.studies[7]
    finish(running)
    await page.locator(`tr[data-id="${running.row.id}"]`).getByText('Warthin tumour').waitFor()
    assert.equal(await page.locator('tr[data-seen=yes]').count(), 50, 'no row was made anew')
    assert.equal(await page.evaluate(() => document.querySelector('.worklist .table-box')?.scrollTop), 300)
  }))

test('an unchanged list is not sent again', () =>
  visit({}, async ({ page }) => {
    const statuses: number[] = []
    page.on('response', (response) => void (response.url().includes('/api/worklist') && statuses.push(response.status())))
    await page.waitForTimeout(4700)
    assert.ok(statuses.filter((s) => s === 304).length >= 2, statuses.join())
  }))

test('the list, a study and the way back need no mouse', () =>
  visit({}, async ({ page }) => {
    await page.getByTestId('row').first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('bianchi')
    await page.getByText('1–2 of 2').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.getByTestId('study').waitFor()
    await page.getByRole('heading', { name: /Bianchi/ }).waitFor()
    await page.keyboard.press('?')
    await page.getByTestId('help').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('help').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByTestId('worklist').waitFor()
    await page.getByText('1–2 of 2').waitFor()
  }))

test('of 500 rows a key draws two again, and an unchanged list none', () =>
  visit({ studies: 500, at: '#/worklist?limit=500' }, async ({ page }) => {
    await page.getByTestId('row').nth(499).waitFor({ state: 'attached' })
    await page.keyboard.press('j')
    await page.evaluate(() => {
      const touched = new Set<Node>()
      ;(window as unknown as { touched: Set<Node> }).touched = touched
      const look = (changes: MutationRecord[]): void => changes.forEach(({ target }) => touched.add((target instanceof Element ? target : target.parentElement)?.closest('tr') ?? target))
      new MutationObserver(look).observe(document.querySelector('tbody') as Element, { subtree: true, childList: true, attributes: true, characterData: true })
    })
    const touched = (): Promise<number> => page.evaluate(() => (window as unknown as { touched: Set<Node> }).touched.size)
    await page.waitForTimeout(2500)
    assert.equal(await touched(), 0)
    await page.keyboard.press('j')
    await settled(page)
    assert.equal(await touched(), 2)
  }))

test('a study that is being worked on opens by itself when it is done', () =>
  visit({}, async (v) => {
    await v.page.goto(`${v.mock.url}/#/study/${v.mock.studies[7].row.id}`)
    await v.page.getByTestId('underway').waitFor()
    finish(v.mock.studies[7])
    await v.page.locator('[data-testid=pane-0][data-ready=true]').waitFor()
    assert.match((await v.page.getByTestId('headline').textContent()) ?? '', /Warthin tumour/)
  }))

test('a refused study says why and what to do; verdicts never reassure', () =>
  visit({}, async (v) => {
    await v.page.goto(`${v.mock.url}/#/study/${v.mock.studies[5].row.id}`)
    const refused = v.page.getByTestId('refused')
    await refused.waitFor()
    assert.match((await refused.textContent()) ?? '', /no diffusion images.*What to do/)
    await openStudy(v, 0)
    assert.match((await v.page.getByTestId('caution').textContent()) ?? '', /Malignancy is not excluded: probability 37 %/)
    await openStudy(v, 4)
    assert.match((await v.page.getByTestId('caution').textContent()) ?? '', /does not exclude/)
    assert.equal(await v.page.getByTestId('research-use').isVisible(), true)
  }))

test('without WebGL the findings and the report are offered', () =>
  visit({}, async (v) => {
    await v.page.addInitScript(() => {
      const get = HTMLCanvasElement.prototype.getContext
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind === 'webgl2' ? null : (get as (...all: unknown[]) => unknown).call(this, kind, ...rest)
      } as typeof get
    })
    await v.page.goto(`${v.mock.url}/#/study/${v.mock.studies[0].row.id}`)
    await v.page.reload()
    await v.page.getByTestId('no-webgl').waitFor()
    await v.page.getByTestId('headline').waitFor()
    const download = v.page.waitForEvent('download')
    await v.page.getByRole('link', { name: 'Page (HTML)' }).click()
    assert.equal((await download).suggestedFilename(), 'report.html')
  }))
