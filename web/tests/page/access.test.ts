import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openStudy, ready, settled, studyHash, tab, visit, type Visit } from './browser.ts'

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Finding {
  id: string
  impact: string
  nodes: { html: string; any: { message: string }[] }[]
}

/** Findings of the WCAG 2.1 A and AA rules, as text. */
async function findings(page: Page): Promise<string[]> {
  // evaluate() is not bound by the page's Content-Security-Policy, a script element would be.
  await page.evaluate(kAxe)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: unknown[] }> } }
    const result = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return result.violations as Finding[]
  })
  return found.map((f) => `${f.impact} ${f.id}: ${f.nodes.map((n) => `${n.html.slice(0, 120)} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
}

const kViews: [string, (v: Visit) => Promise<void>][] = [
  ['worklist', async ({ page }) => page.getByTestId('row').first().waitFor()],
  ['worklist, a filter open', async ({ page }) => page.locator('summary', { hasText: 'State' }).click()],
  ['findings', async (v) => openStudy(v, 0)],
  ['why', async ({ page }) => tab(page, 'Why')],
  ['versions', async ({ page }) => tab(page, 'Versions')],
  ['files', async ({ page }) => tab(page, 'Files')],
  ['review', async ({ page }) => tab(page, 'Review')],
  ['reject', async ({ page }) => page.getByTestId('reject').click()],
  [
    'edit',
    async ({ page }) => {
      await page.getByRole('button', { name: 'Back', exact: true }).click()
      await page.getByTestId('edit').click()
      await page.getByTestId('new-lesion').click()
    },
  ],
  ['a question', async ({ page }) => page.getByTestId('discard-edit').click()],
  [
    'refused',
    async ({ page, mock }) => {
      await page.locator('[data-answer=discard]').click()
      await page.goto(`${mock.url}/${studyHash(mock, 5)}`)
      await page.getByTestId('refused').waitFor()
    },
  ],
  ['running', async ({ page, mock }) => void (await page.goto(`${mock.url}/${studyHash(mock, 7)}`), await page.getByTestId('underway').waitFor())],
  ['users', async ({ page, mock }) => void (await page.goto(`${mock.url}/#/users`), await page.getByText('Dr. B. Rossi').waitFor())],
  ['audit', async ({ page, mock }) => void (await page.goto(`${mock.url}/#/audit`), await page.getByTestId('audit').getByText('login').first().waitFor())],
  ['account', async ({ page, mock }) => void (await page.goto(`${mock.url}/#/account`), await page.getByTestId('password').waitFor())],
  ['help', async ({ page }) => page.getByTestId('help-button').click()],
  ['login', async ({ page }) => void (await page.keyboard.press('Escape'), await page.getByTestId('logout').click(), await page.getByTestId('login').waitFor())],
]

for (const colorScheme of ['dark', 'light'] as const)
  test(`axe finds nothing in any view, ${colorScheme}`, () =>
    visit({ colorScheme, as: 'admin' }, async (v) => {
      const all: string[] = []
      for (const [name, go] of kViews) {
        await go(v)
        await v.page.waitForTimeout(150)
        for (const text of await findings(v.page)) all.push(`${name}: ${text}`)
      }
      assert.deepEqual(all, [])
    }))

const kSizes = [
  { width: 1366, height: 768 },
  { width: 1024, height: 768 },
  { width: 768, height: 1024 },
]

for (const size of kSizes)
  test(`nothing is cut off at ${size.width} × ${size.height}`, () =>
    visit({ size, touch: size.width < 1366 }, async (v) => {
      const fits = async (name: string): Promise<void> => {
        const over = await v.page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight])
        assert.deepEqual(over, [0, 0], name)
      }
      await v.page.getByTestId('row').first().waitFor()
      await fits('worklist')
      await openStudy(v, 0)
      await fits('study')
      for (const name of ['Why', 'Review', 'Versions', 'Files']) {
        await tab(v.page, name)
        await fits(name)
      }
      const pane = await v.page.locator('[data-testid=pane-0] .pane-marks').boundingBox()
      assert.ok(pane && pane.width > 220 && pane.height > 160, JSON.stringify(pane))
      const logout = await v.page.getByTestId('logout').boundingBox()
      assert.ok(logout && logout.x + logout.width <= size.width)
    }))

test('fingers scroll slices, pinch, and set the crosshair', () =>
  visit({ size: { width: 1024, height: 768 }, touch: true }, async (v) => {
    await openStudy(v, 0, '?slice=5')
    const box = await v.page.locator('[data-testid=pane-0] .pane-marks').boundingBox()
    assert.ok(box)
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const client = await v.context.newCDPSession(v.page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]): Promise<unknown> =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) })
    await touch('touchStart', [[x, y]])
    for (let n = 1; n <= 6; n++) await touch('touchMove', [[x, y + 10 * n]])
    await touch('touchEnd', [])
    await settled(v.page)
    assert.equal(await v.page.locator('[data-testid=pane-0]').getAttribute('data-slice'), '9')
    const value = v.page.locator('[data-testid=pane-1] [data-testid=value]')
    assert.match((await value.textContent()) ?? '', /^[01]\.[^0]/)
    await v.page.touchscreen.tap(x, box.y + 4)
    await settled(v.page)
    assert.match((await value.textContent()) ?? '', /^0\.00/, 'the crosshair is outside the head')
    await touch('touchStart', [[x - 20, y], [x + 20, y]])
    for (let n = 1; n <= 5; n++) await touch('touchMove', [[x - 20 - 10 * n, y], [x + 20 + 10 * n, y]])
    await touch('touchEnd', [])
    await settled(v.page)
    assert.equal(await v.page.locator('[data-testid=pane-0]').getAttribute('data-slice'), '9', 'pinching does not scroll')
  }))

test('the focus is always seen, and never caught', () =>
  visit({}, async (v) => {
    await openStudy(v, 0)
    const seen = new Set<string>()
    for (let n = 0; n < 90; n++) {
      await v.page.keyboard.press('Tab')
      const where = await v.page.evaluate(() => {
        const at = document.activeElement
        if (!(at instanceof HTMLElement)) return 'body'
        const style = getComputedStyle(at)
        return `${at.tagName} ${at.getAttribute('aria-label') ?? at.textContent?.slice(0, 20)} ${at === document.body || style.outlineStyle !== 'none' ? '' : 'UNSEEN'}`
      })
      assert.doesNotMatch(where, /UNSEEN/)
      seen.add(where)
    }
    assert.ok([...seen].some((w) => w.includes('Log out')), 'the top')
    assert.ok([...seen].some((w) => w.includes('Probability')), 'the tools')
    assert.ok([...seen].some((w) => w.startsWith('CANVAS')), 'the panes')
    assert.ok([...seen].some((w) => w.includes('show lesion')), 'the findings')
    await ready(v.page)
  }))
