// The server is killed without warning (SIGKILL) at three bad moments. After a restart nothing that it had
// acknowledged is lost, and no job is stuck for longer than 60 seconds.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Api } from '../support/api.mjs'
import { Server, fixture, until } from '../support/server.mjs'

const file = fixture('clips/id-lost-report.mp4')
const captions = await readFile(fixture('captions/id-lost-report.vtt'), 'utf8')
const stuckAfterSeconds = 60
let server, producer, linguistic, factual, administrator

before(async () => {
  server = await Server.start()
  const as = async (role, ...scopes) => {
    const person = await server.person(role, { department: role === 'department_reviewer' ? 'documents' : undefined })
    return new Api(server, await server.token(person, ...scopes))
  }
  producer = await as('producer', 'read', 'write')
  linguistic = await as('linguistic_reviewer', 'read', 'review')
  factual = await as('department_reviewer', 'read', 'review')
  administrator = await as('administrator', 'read', 'write', 'review', 'admin')
})
after(() => server?.stop())

/** Milliseconds of a time that the API tells, as a number or in writing. */
const moment = (told) => (typeof told === 'number' ? told : Date.parse(told))

async function killAndRestart() {
  await server.kill()
  await server.serve()
}

test('killed during an upload: every acknowledged byte is still there and the rest can follow', async () => {
  const bytes = await readFile(file)
  const url = await producer.createUpload(bytes.length)
  const half = Math.floor(bytes.length / 2)
  const acknowledged = await producer.appendUpload(url, 0, bytes.subarray(0, half))
  const inFlight = producer.appendUpload(url, half, bytes.subarray(half)).catch(() => half)
  await killAndRestart()
  const sure = Math.max(acknowledged, await inFlight)
  const kept = await producer.uploadOffset(url)
  assert.ok(kept >= sure, `acknowledged ${sure}, kept ${kept}`)
  if (kept < bytes.length) await producer.appendUpload(url, kept, bytes.subarray(kept))
  assert.equal(await producer.uploadOffset(url), bytes.length)
  const clip = await producer.post('/clips', { kind: 'answer', service: 'id.lost.report', title_ar: 'بعد انقطاع الرفع' })
  await producer.post(`/clips/${clip.id}/versions`, { upload_id: url.split('/').at(-1) })
  assert.ok((await producer.processed(clip.id)).version.media.duration_ms > 10_000)
})

test('killed during a transcode: the job is taken up again and the clip becomes ready', async () => {
  // Not the file of the first test: what was transcoded once is not transcoded again.
  const clip = await producer.clip(fixture('clips/birth-register.mp4'), { service: 'birth.register', title_ar: 'بعد انقطاع المعالجة' })
  await until('transcoding', async () => (await producer.get(`/clips/${clip.id}`)).version.media.state === 'transcoding', { every: 20 })
  await killAndRestart()
  const { version } = await producer.processed(clip.id, { seconds: stuckAfterSeconds + 60 })
  assert.ok(version.media.renditions.length >= 1)
})

test('killed right after a publication was accepted: the clip is public and can be found', async () => {
  const clip = await producer.clip(file, { service: 'id.lost.report', title_ar: 'ضاعت هويتي، وانقطعت الكهرباء', summary_ar: 'أبلغ عن الفقدان في أبشر.' })
  await producer.processed(clip.id)
  await producer.put(`/clips/${clip.id}/captions/ar`, captions, 'text/vtt')
  await producer.post(`/clips/${clip.id}/review`)
  await linguistic.post(`/clips/${clip.id}/approvals`, { lane: 'linguistic', decision: 'approved' })
  await factual.post(`/clips/${clip.id}/approvals`, { lane: 'factual', decision: 'approved' })
  await administrator.put(`/clips/${clip.id}/publication`, {})
  await killAndRestart()
  assert.equal((await producer.get(`/clips/${clip.id}`)).state, 'published')
  const visitor = new Api(server)
  const hit = await until('the clip is in the index', async () => {
    const { hits } = await visitor.get(`/search?q=${encodeURIComponent('انقطعت الكهرباء')}`)
    return hits.find((found) => found.clip.id === clip.id)
  })
  assert.ok(hit.score > 0)
})

test('after all that no job is stuck or dead, and the store agrees with the database', async () => {
  const settled = (job) => ['succeeded', 'cancelled'].includes(job.state) || (job.state === 'queued' && moment(job.run_after) > Date.now())
  await until('every job that is due has ended', async () => {
    const { jobs } = await administrator.get('/jobs?limit=200')
    assert.deepEqual(jobs.filter((job) => job.state === 'dead'), [])
    assert.deepEqual(jobs.filter((job) => !settled(job)).map((job) => `${job.kind} ${job.state} ${job.error ?? ''}`), [])
    return jobs.length > 0
  }, { seconds: stuckAfterSeconds })
  await server.run(['verify', '--json'])
})
