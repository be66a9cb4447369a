// How the page behaves before a real node with many studies: node web/bench/page_load.ts [STUDIES=500]
// A few simulated studies are analysed, then their rows and files are copied under new names until there are so many. Prints
// the time of the list (first and later), of the first image after a click, and what memory the browser holds.

import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { kPassword, startNode } from '../tests/node/node.ts'
import { startPlainBrowser } from '../tests/page/plain_browser.ts'

const studies = Number(process.argv[2] ?? 500)
const program = process.env.PAROTIS_PROGRAM ?? fileURLToPath(new URL('../../build/release/parotis', import.meta.url))
const kOriginals = 4, kOpened = 20

type Row = Record<string, string | number>

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const greatest = (values: number[]): number => Math.max(...values)

function linkAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) linkAll(join(from, entry.name), join(to, entry.name))
    else linkSync(join(from, entry.name), join(to, entry.name))
  }
}

function insert(database: DatabaseSync, table: string, row: Row): void {
  const keys = Object.keys(row)
  database.prepare(`INSERT INTO ${table} (${keys.join(', ')}) VALUES (${keys.map(() => '?').join(', ')})`).run(...Object.values(row))
}

/** Copies of study `n` and everything of it under the UID 2.25.9…. */
function multiply(kept: string, wanted: number): void {
  const database = new DatabaseSync(join(kept, 'jobs.db'))
  const originals = database.prepare("SELECT s.*, j.id AS job FROM studies s JOIN jobs j ON j.study = s.id AND j.shadow = ''").all() as Row[]
  database.exec('BEGIN')
  for (let n = originals.length; n < wanted; n++) {
    const { job, ...study } = originals[n % originals.length]
    const uid = `2.25.9${n}`
    const folder = createHash('sha256').update(uid).digest('hex').slice(0, 32)
    const { id: before, ...plain } = study
    insert(database, 'studies', { ...plain, study_uid: uid, folder, last_arrival: Number(study.last_arrival) - n })
    const { id } = database.prepare('SELECT id FROM studies WHERE study_uid = ?').get(uid) as { id: number }
    for (const row of database.prepare('SELECT * FROM instances WHERE study = ?').all(before) as Row[])
      insert(database, 'instances', { ...row, study: id, sop_instance_uid: `${String(row.sop_instance_uid).slice(0, 40)}.${n}` })
    const { id: _, ...answer } = database.prepare('SELECT * FROM jobs WHERE id = ?').get(job) as Row
    const results = `${folder}-${n + 1000}-1`
    insert(database, 'jobs', { ...answer, study: id, results })
    linkAll(join(kept, 'studies', String(study.folder)), join(kept, 'studies', folder))
    linkAll(join(kept, 'results', String(answer.results)), join(kept, 'results', results))
  }
  database.exec('COMMIT')
  database.close()
}

const until = (condition: string): string => `new Promise((done) => { const look = () => (${condition}) ? done(performance.now()) : setTimeout(look, 5); look() })`

const node = await startNode(program)
node.send(kOriginals, 880006, 'warthin=2,pleomorphic=1,malignant=1')
await node.done(kOriginals)
multiply(join(node.folder, 'kept'), studies)
const browser = await startPlainBrowser(node.url)
await browser.evaluate(`(async () => {
  await ${until("document.querySelector('[name=password]')")}
  for (const [name, value] of [['name', 'meyer'], ['password', '${kPassword}']]) document.querySelector('[name=' + name + ']').value = value
  document.querySelector('form').requestSubmit()
  await ${until("document.querySelector('[data-testid=row]')")}
})()`)
const list = async (query: string): Promise<number> =>
  Number(await browser.evaluate(`(async () => { const begin = performance.now(); await (await fetch('/api/worklist?${query}')).json(); return performance.now() - begin })()`))
const first = await list('limit=50')
const later: number[] = []
for (let n = 0; n < 30; n++) later.push(await list('limit=50'))
const searched: number[] = []
for (let n = 0; n < 10; n++) searched.push(await list(`limit=50&search=synthetic%20000${1 + (n % 4)}&sort=name`))

// As a reader who looks at the list before he opens a study.
await new Promise((done) => setTimeout(done, 3000))
const before = await browser.held_MB()
const ids = (await browser.evaluate(`(async () => (await (await fetch('/api/worklist?limit=${kOpened}')).json()).studies.map((s) => s.id))()`)) as string[]
const images: number[] = []
const open: { renderer: number; GPU: number }[] = []
for (const id of ids) {
  images.push(Number(await browser.evaluate(`(async () => { const begin = performance.now(); location.hash = '#/study/${id}'; await ${until("document.querySelector('.pane[data-ready=true]')")}; return performance.now() - begin })()`)))
  await browser.evaluate(until("document.querySelectorAll('.pane[data-ready=false]').length === 0"))
  open.push(await browser.held_MB())
  await browser.evaluate("location.hash = '#/worklist'")
  await browser.evaluate(until("document.querySelector('[data-testid=row]')"))
}
await new Promise((done) => setTimeout(done, Number(process.env.WAIT_ms ?? 8000)))
const memory = await browser.held_MB()
console.log(
  JSON.stringify({
    studies,
    list_first_ms: Math.round(first),
    list_median_ms: Math.round(median(later)),
    list_greatest_ms: Math.round(greatest(later)),
    list_searched_median_ms: Math.round(median(searched)),
    first_image_first_ms: Math.round(images[0]),
    first_image_median_ms: Math.round(median(images)),
    first_image_greatest_ms: Math.round(greatest(images)),
    browser_before_MB: before,
    browser_first_study_MB: open[0],
    browser_last_study_MB: open.at(-1),
    browser_after_MB: memory,
  }),
)
await browser.close()
await node.stop()
