// A real node: the program itself, on simulated studies that come in by DICOM, with two readers and an administrator.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const kPassword = 'correct horse battery'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address ? address.port : 0
}

export interface RealNode {
  url: string
  folder: string
  log: () => string
  /** Writes `n` simulated studies and sends them as a scanner does. */
  send: (n: number, seed: number, mix: string) => void
  /** Until so many studies are done. */
  done: (n: number) => Promise<void>
  stop: () => Promise<void>
}

export async function startNode(program: string): Promise<RealNode> {
  const folder = mkdtempSync(join(tmpdir(), 'parotis-page-'))
  const [web, dicom] = [await freePort(), await freePort()]
  const config = join(folder, 'node.json')
  writeFileSync(
    config,
    JSON.stringify({
      folder: 'kept',
      complete: { quiet_s: 1, on_release: true },
      alignment: { motion: 'rigid' },
      limits: { free_gb: 0.1 },
      dicom: { port: dicom, allowed: [{ ae_title: 'SCANNER' }] },
      web: { port: web },
    }),
  )
  const password = join(folder, 'password')
  writeFileSync(password, kPassword)
  for (const [name, full, role] of [['meyer', 'Dr. A. Meyer', 'reader'], ['rossi', 'Dr. B. Rossi', 'reader'], ['chief', 'The Chief', 'admin']])
    execFileSync(program, ['account', config, '--add', name, '--full-name', full, '--role', role, '--password-file', password])
  const file = join(folder, 'log')
  const child: ChildProcess = spawn(program, ['serve', config], { stdio: ['ignore', 'ignore', openSync(file, 'a')] })
  const log = (): string => readFileSync(file, 'utf8')
  const url = `http://127.0.0.1:${web}`
  const answers = async (): Promise<boolean> => fetch(`${url}/ready`).then((r) => r.ok, () => false)
  const until = async (what: string, is: () => Promise<boolean>): Promise<void> => {
    for (let n = 0; n < 600; n++) {
      if (await is()) return
      await sleep(200)
    }
    throw new Error(`${what} did not come: ${log()}`)
  }
  await until('a node that is ready', answers)
  return {
    url,
    folder,
    log,
    send: (n, seed, mix) => {
      const studies = join(folder, `studies-${seed}`)
      execFileSync(program, ['simulate', '--dicom', studies, '--n', String(n), '--mix', mix, '--seed', String(seed)], { stdio: 'ignore' })
      execFileSync('storescu', ['+sd', '+r', '-aet', 'SCANNER', '-aec', 'PAROTIS', '127.0.0.1', String(dicom), ...readdirSync(studies).filter((name) => !name.startsWith('.')).map((name) => join(studies, name))])
    },
    done: (n) => until(`${n} studies that are done`, async () => new RegExp(`parotis_jobs\\{state="done"\\} ${n}\\b`).test(await (await fetch(`${url}/metrics`)).text())),
    stop: async () => {
      child.kill('SIGTERM')
      await new Promise((ended) => child.once('exit', ended))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
