// A study with made-up networks and the real program that shows it.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const kProgram = process.env.PAROTIS_PROGRAM ?? ''
const kFakeStudy = process.env.PAROTIS_FAKE_STUDY ?? ''

export interface TaskOfStudy {
  index: number
  kind: string
  folder: string
}

export interface Study {
  runs: string
  dataset: string
  tasks: () => TaskOfStudy[]
  doTask: (index: number) => void
  finish: () => void
  /** The same aside, one task after the other; resolves when it has ended. */
  run: () => Promise<void>
  /** As a training writes its log: `count` lines from iteration `from` on, ten apart. */
  learn: (task: TaskOfStudy, from: number, count: number) => void
  remove: () => void
}

export function makeStudy(): Study {
  const folder = mkdtempSync(join(tmpdir(), 'parotis-lab-'))
  const [dataset, runs] = [join(folder, 'dataset'), join(folder, 'runs')]
  const fake = (...words: string[]): void => void execFileSync(kFakeStudy, words, { stdio: 'ignore' })
  fake('--dataset', dataset)
  mkdirSync(runs)
  return {
    runs,
    dataset,
    tasks: () => JSON.parse(readFileSync(join(runs, 'tasks.json'), 'utf8')) as TaskOfStudy[],
    doTask: (index) => fake(dataset, runs, '--task', String(index)),
    finish: () => fake(dataset, runs, '2'),
    run: () => {
      const child = spawn(kFakeStudy, [dataset, runs, '1'], { stdio: 'ignore' })
      return new Promise((done, fail) => child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`the study ended with ${code}`)))))
    },
    learn: (task, from, count) => {
      mkdirSync(join(runs, task.folder), { recursive: true })
      for (let n = 0; n < count; n++) {
        const iteration = from + 10 * n
        appendFileSync(join(runs, task.folder, 'log.jsonl'), `${JSON.stringify({ iteration, loss: 2 * Math.exp(-iteration / 150) + 0.3, soft_dice: 1 - Math.exp(-iteration / 200) })}\n`)
      }
    },
    remove: () => existsSync(folder) && rmSync(folder, { recursive: true, force: true }),
  }
}

export interface Browsing {
  /** With the token, which is good once. */
  address: string
  url: string
  stop: () => Promise<void>
}

export async function browse(study: Study): Promise<Browsing> {
  const child: ChildProcess = spawn(kProgram, ['browse', study.runs, '-d', study.dataset, '--quiet'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (text) => resolve(String(text).trim()))
    child.once('exit', (code) => reject(new Error(`parotis browse ended with ${code}`)))
  })
  return {
    address,
    url: new URL(address).origin,
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    },
  }
}
