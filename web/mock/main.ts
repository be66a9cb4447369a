import { startMock } from './server.ts'

const mock = await startMock({ studies: 500, port: Number(process.env.PORT ?? 8099) })
process.stdout.write(`${mock.url}: log in as meyer, rossi or admin with reading-room\n`)
