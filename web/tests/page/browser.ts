// A browser before the built page and the made-up node. Every test has a node and a page of its own; the browser is shared.

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { startMock, type Mock } from '../../mock/server.ts'

export interface Visit {
  mock: Mock
  page: Page
  context: BrowserContext
  /** What the page wrote to the console as an error, beside the answers 401, 409 and 422 that tests ask for. */
  errors: string[]
}

export interface VisitOptions {
  size?: { width: number; height: number }
  colorScheme?: 'dark' | 'light'
  touch?: boolean
  studies?: number
  idle_s?: number
  as?: string
  at?: string
}

let browser: Browser | null = null
after(() => browser?.close())

const kArguments = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-sandbox', '--js-flags=--expose-gc', '--enable-precise-memory-info']

export async function launch(more: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...kArguments, ...more] })
}

export async function openPage(from: Browser, mock: Mock, options: VisitOptions): Promise<Visit> {
  const context = await from.newContext({ viewport: options.size ?? { width: 1366, height: 768 }, colorScheme: options.colorScheme ?? 'dark', hasTouch: options.touch ?? false, acceptDownloads: true })
  const page = await context.newPage()
  page.setDefaultTimeout(45000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error.stack)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (401|409|422|404|400|403)|ERR_CONNECTION|ERR_INTERNET/.test(message.text())) errors.push(message.text())
  })
  return { mock, page, context, errors }
}

const kLogIn_ms = 12_000

export async function logIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill('reading-room')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.locator('header.top-bar').waitFor({ timeout: kLogIn_ms })
}

/** Logs in and runs `act`; afterwards the page must have had no error. */
export async function visit(options: VisitOptions, act: (visit: Visit) => Promise<void>): Promise<void> {
  browser ??= await launch()
  const mock = await startMock({ studies: options.studies ?? 20, idle_s: options.idle_s ?? 1800 })
  let made = await openPage(browser, mock, options)
  const enter = async (): Promise<void> => {
    await made.page.goto(`${mock.url}/${options.at ?? ''}`)
    await logIn(made.page, options.as ?? 'meyer')
  }
  try {
    try {
      await enter()
    } catch {
      // A browser that has drawn for many pages without a graphics card stops drawing now and then: another one is taken, once.
      await browser.close()
      browser = await launch()
      made = await openPage(browser, mock, options)
      await enter()
    }
    await act(made)
    assert.deepEqual(made.errors, [])
  } catch (error) {
    const shots = fileURLToPath(new URL('../../shots', import.meta.url))
    mkdirSync(shots, { recursive: true })
    await made.page.screenshot({ path: `${shots}/failed-${Date.now()}.png` }).catch(() => {})
    throw error
  } finally {
    await made.context.close()
    await mock.close()
  }
}

export const studyHash = (mock: Mock, n: number, search = ''): string => `#/study/${mock.studies[n].row.id}${search}`

/** Opens study n and waits until its first panes are drawn and its outlines are there. */
export async function openStudy({ page, mock }: Visit, n: number, search = ''): Promise<void> {
  await page.goto(`${mock.url}/${studyHash(mock, n, search)}`)
  await ready(page)
}

export async function ready(page: Page): Promise<void> {
  await page.locator('[data-testid=pane-0][data-ready=true]').waitFor()
  await page.locator('[data-testid=study][data-outlines=true]').waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.pane[data-ready=false]').length === 0)
  await settled(page)
}

/** Two frames: what was asked to be drawn is drawn. */
export const settled = (page: Page): Promise<void> => page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))

/** RGBA of a pane's canvas at CSS pixels of it: the image, or the marks above. */
export function pixel(page: Page, pane: number, layer: 'image' | 'marks', x: number, y: number): Promise<number[]> {
  return page.evaluate(
    ([pane, layer, x, y]) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`[data-testid=pane-${pane}] ${layer === 'image' ? '.pane-image canvas' : '.pane-marks'}`)
      if (!canvas) throw new Error('no such canvas')
      const scale = canvas.width / canvas.clientWidth
      const copy = new OffscreenCanvas(canvas.width, canvas.height)
      const context = copy.getContext('2d')
      if (!context) throw new Error('no context')
      context.drawImage(canvas, 0, 0)
      return [...context.getImageData(Math.floor(x * scale), Math.floor(y * scale), 1, 1).data]
    },
    [pane, layer, x, y] as const,
  )
}

export interface PaneBox {
  x: number
  y: number
  width: number
  height: number
  /** CSS pixels for one image pixel of the axial phantom, at zoom 1. */
  scale: number
  /** Page coordinates of an image point (columns, rows) of the phantom of 128 × 128 pixels. */
  at: (column: number, row: number) => [number, number]
  /** The same within the canvas. */
  inside: (column: number, row: number) => [number, number]
}

export async function paneBox(page: Page, pane: number): Promise<PaneBox> {
  const box = await page.locator(`[data-testid=pane-${pane}] .pane-marks`).boundingBox()
  if (!box) throw new Error('no such pane')
  const scale = Math.min(box.width, box.height) / 128
  const inside = (column: number, row: number): [number, number] => [box.width / 2 + (column - 64) * scale, box.height / 2 + (row - 64) * scale]
  return { ...box, scale, inside, at: (column, row) => [box.x + inside(column, row)[0], box.y + inside(column, row)[1]] }
}

export async function drag(page: Page, from: [number, number], to: [number, number], button: 'left' | 'right' = 'left'): Promise<void> {
  await page.mouse.move(...from)
  await page.mouse.down({ button })
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 })
  await page.mouse.move(...to, { steps: 3 })
  await page.mouse.up({ button })
  await settled(page)
}

/** Presses a tab beside the images. */
export const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click()
