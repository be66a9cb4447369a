// The node's interface with made-up patients, for development and for the page's own tests. State is in memory and open to tests.

import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { AuditEvent, ReviewRequest, Session, User } from '../src/api/types.ts'
import { diagnosisOf, maskOf, postReview, shownVersion } from './reviews.ts'
import { channelsOf, kClasses, kStart, makeStudies, type MockStudy } from './studies.ts'
import { nifti, volume } from './volumes.ts'
import { worklist } from './worklist.ts'

const kDist = fileURLToPath(new URL('../dist', import.meta.url))
const kPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const kTypes: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

export interface MockUser extends User {
  password: string
}

export interface Mock {
  url: string
  studies: MockStudy[]
  users: MockUser[]
  audit: AuditEvent[]
  sessions: Map<string, Session>
  idle_s: number
  /** Milliseconds that every volume takes. */
  delay_ms: number
  /** Requests answered, by method and path without its search. */
  asked: Map<string, number>
  close: () => Promise<void>
}

const user = (name: string, full_name: string, role: 'reader' | 'admin'): MockUser => ({ name, full_name, role, disabled: false, created: kStart, last_login: null, password: 'reading-room' })

interface Call {
  mock: Mock
  request: IncomingMessage
  response: ServerResponse
  url: URL
  session: Session | null
  body: Record<string, unknown>
}

function reply({ response }: Call, status: number, body?: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers })
  response.end(body ? JSON.stringify(body) : undefined)
}

function tagged(call: Call, body: object): void {
  const etag = `"${createHash('sha1').update(JSON.stringify(body)).digest('hex')}"`
  if (call.request.headers['if-none-match'] === etag) reply(call, 304)
  else reply(call, 200, body, { ETag: etag })
}

function noteEvent(call: Call, event: string, study = '', patient = '', detail = ''): void {
  call.mock.audit.unshift({ at: Date.now() / 1000, event, user: call.session?.name ?? String(call.body.name ?? ''), address: '127.0.0.1', study, patient, detail })
}

function login(call: Call): void {
  const found = call.mock.users.find((u) => u.name === call.body.name && u.password === call.body.password && !u.disabled)
  if (!found) {
    noteEvent(call, 'login_failed')
    return reply(call, 401, { error: 'Name or password is wrong.' })
  }
  const token = randomBytes(16).toString('hex')
  const session: Session = {
    name: found.name,
    full_name: found.full_name,
    role: found.role,
    csrf: randomBytes(16).toString('hex'),
    node: 'parotis',
    version: '0.2.0',
    intended_use: 'Research use only: not a medical device, not for diagnosis or treatment.',
    idle_s: call.mock.idle_s,
    classes: kClasses,
  }
  call.mock.sessions.set(token, session)
  found.last_login = Date.now() / 1000
  noteEvent(call, 'login')
  reply(call, 200, session, { 'Set-Cookie': `parotis=${token}; HttpOnly; SameSite=Strict; Path=/` })
}

function studyAnswer(study: MockStudy, asked: string | null): object {
  const version = asked ?? shownVersion(study)
  const { row, phantom, versions, series, model } = study
  const g = phantom.geometry
  // Nothing of an edit is there before it has been written.
  const written = versions.find((v) => v.id === version)?.state === 'done'
  const view = row.state === 'done' && written ? { size: g.size, spacing_mm: g.spacing_mm, slice_axis: g.slice_axis, channels: channelsOf(g), lesions: 'lesions', probability: 'probability' } : null
  const downloads = view
    ? [
        { name: 'report.html', title: 'Page (HTML)', bytes: 588894 },
        { name: 'page.pdf', title: 'Page (PDF)' },
        { name: 'report.dcm', title: 'Structured report (DICOM SR)', bytes: 37272 },
        { name: 'segmentation.dcm', title: 'Segmentation (DICOM SEG)', bytes: 35934 },
        { name: 'all.zip', title: 'Everything' },
      ]
    : []
  const answer = { ...row, versions, version, diagnosis: written ? diagnosisOf(study, version) : null, view, series: row.state === 'running' || row.state === 'ready' ? [] : series, model: view ? model : null, deliveries: view ? [{ peer: 'pacs', state: 'done', reason: '', version: 'analysis' }] : [], downloads }
  return { ...answer, etag: createHash('sha1').update(JSON.stringify(answer)).digest('hex') }
}

async function sendVolume(call: Call, study: MockStudy, name: string): Promise<void> {
  if (call.mock.delay_ms) await new Promise((done) => setTimeout(done, call.mock.delay_ms))
  const version = call.url.searchParams.get('version') ?? shownVersion(study)
  const bytes = name === 'lesions' ? gzipSync(nifti(study.phantom.geometry, maskOf(study, version), 1)) : volume(study.phantom, name)
  call.response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length })
  call.response.end(bytes)
}

async function studyCall(call: Call, id: string, what: string, name: string): Promise<void> {
  const study = call.mock.studies.find((s) => s.row.id === id)
  if (!study) return reply(call, 404, { error: 'There is no such study on this node.' })
  const method = call.request.method
  const version = call.url.searchParams.get('version')
  if (method === 'GET' && version && !study.versions.some((v) => v.id === version)) return reply(call, 404, { error: 'The study has no such version.' })
  if (method === 'GET' && !what) return tagged(call, studyAnswer(study, call.url.searchParams.get('version')))
  if (method === 'GET' && what === 'volumes') return sendVolume(call, study, name)
  if (method === 'GET' && what === 'files') {
    call.response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Disposition': `attachment; filename="${name}"` })
    return void call.response.end(`made-up ${name}`)
  }
  if (method === 'POST' && what === 'open') {
    noteEvent(call, 'study_opened', id, study.row.patient.name)
    return reply(call, 204)
  }
  if (method === 'POST' && what === 'reviews' && call.session) {
    const answer = postReview(study, call.body as unknown as ReviewRequest, call.session, Date.now() / 1000)
    if (answer.status === 201) noteEvent(call, 'review', id, study.row.patient.name, String(call.body.decision))
    return reply(call, answer.status, answer.body)
  }
  reply(call, 404, { error: 'There is no such thing here.' })
}

function usersCall(call: Call, name: string): void {
  const { users } = call.mock
  if (call.session?.role !== 'admin') return reply(call, 403, { error: 'Only administrators may do this.' })
  if (call.request.method === 'GET') return reply(call, 200, users.map(({ password: _, ...rest }) => rest))
  noteEvent(call, 'user_changed', '', '', name || String(call.body.name))
  if (name) {
    const found = users.find((u) => u.name === name)
    if (!found) return reply(call, 404, { error: `There is no user ${name}.` })
    Object.assign(found, call.body)
    return reply(call, 204)
  }
  if (users.some((u) => u.name === call.body.name)) return reply(call, 409, { error: `There is a user ${String(call.body.name)} already.` })
  users.push({ ...user(String(call.body.name), String(call.body.full_name), call.body.role as 'reader'), password: String(call.body.password) })
  reply(call, 201)
}

function auditCall(call: Call): void {
  if (call.session?.role !== 'admin') return reply(call, 403, { error: 'Only administrators may do this.' })
  const p = call.url.searchParams
  const found = call.mock.audit.filter(
    (e) =>
      JSON.stringify(e).toLowerCase().includes((p.get('search') ?? '').toLowerCase()) &&
      (!p.get('user') || e.user === p.get('user')) &&
      (!p.get('from') || e.at >= Number(p.get('from'))) &&
      (!p.get('before') || e.at < Number(p.get('before'))),
  )
  reply(call, 200, { events: found.slice(0, Number(p.get('limit') ?? 100)) })
}

function passwordCall(call: Call): void {
  const mine = call.mock.users.find((u) => u.name === call.session?.name)
  if (!mine || mine.password !== call.body.old) return reply(call, 401, { error: 'The old password is wrong.' })
  if (String(call.body.new).length < 8) return reply(call, 400, { error: 'A password needs at least 8 characters.' })
  mine.password = String(call.body.new)
  reply(call, 204)
}

async function apiCall(call: Call): Promise<void> {
  const [, , what = '', id = '', part = '', name = ''] = call.url.pathname.split('/').map(decodeURIComponent)
  const method = call.request.method
  if (what === 'login' && method === 'POST') return login(call)
  if (!call.session) return reply(call, 401, { error: 'Log in first.' })
  if (method !== 'GET' && call.request.headers['x-csrf-token'] !== call.session.csrf) return reply(call, 403, { error: 'The CSRF token is missing or wrong.' })
  if (what === 'session') return reply(call, 200, call.session)
  if (what === 'logout') {
    for (const [token, session] of call.mock.sessions) if (session === call.session) call.mock.sessions.delete(token)
    return reply(call, 204)
  }
  if (what === 'password') return passwordCall(call)
  if (what === 'worklist') return tagged(call, worklist(call.mock.studies, call.url.searchParams))
  if (what === 'studies') return studyCall(call, id, part, name)
  if (what === 'users') return usersCall(call, id)
  if (what === 'audit') return auditCall(call)
  reply(call, 404, { error: 'There is no such thing here.' })
}

function sendFile({ response, url }: Call): void {
  const path = normalize(join(kDist, url.pathname === '/' ? 'index.html' : url.pathname))
  if (!path.startsWith(kDist) || !existsSync(path)) {
    response.writeHead(404)
    return void response.end()
  }
  response.writeHead(200, { 'Content-Type': kTypes[extname(path)] ?? 'application/octet-stream', 'Content-Security-Policy': kPolicy })
  response.end(readFileSync(path))
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString()
  return text ? (JSON.parse(text) as Record<string, unknown>) : {}
}

async function answer(mock: Mock, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock')
  const key = `${request.method} ${url.pathname}`
  mock.asked.set(key, (mock.asked.get(key) ?? 0) + 1)
  const token = /parotis=([0-9a-f]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const call: Call = { mock, request, response, url, session: mock.sessions.get(token) ?? null, body: await bodyOf(request) }
  if (url.pathname.startsWith('/api/')) await apiCall(call)
  else sendFile(call)
}

export async function startMock({ studies = 40, port = 0, idle_s = 1800 } = {}): Promise<Mock> {
  const users = [user('meyer', 'Dr. A. Meyer', 'reader'), user('rossi', 'Dr. B. Rossi', 'reader'), user('admin', 'C. Admin', 'admin')]
  const mock: Mock = { url: '', studies: makeStudies(studies), users, audit: [], sessions: new Map(), idle_s, delay_ms: 0, asked: new Map(), close: async () => {} }
  const server: Server = createServer((request, response) => {
    answer(mock, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ error: String(error) }))
    })
  })
  await new Promise<void>((up) => server.listen(port, '127.0.0.1', up))
  mock.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  mock.close = () =>
    new Promise((down) => {
      server.closeAllConnections()
      server.close(() => down())
    })
  return mock
}
