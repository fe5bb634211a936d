// Uploads by the public tus clients, broken in the middle and taken up again, all the way to a processed clip.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createReadStream, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as tus from 'tus-js-client'
import { Api, uploadId } from '../support/api.mjs'
import { Server, fixture } from '../support/server.mjs'

const file = fixture('clips/id-lost-report.mp4')
const size = statSync(file).size
const piece = 128 * 1024
let server, api

before(async () => {
  server = await Server.start()
  api = new Api(server, await server.token(await server.person('producer'), 'read', 'write'))
})
after(() => server?.stop())

/** Sends with tus-js-client until `enough` bytes are acknowledged, then cuts the connection. Returns the upload's URL. */
function sendAndBreak(enough) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(file), {
      endpoint: `${api.root}/uploads`,
      headers: { authorization: `Bearer ${api.token}` },
      metadata: { filename: 'جواب.mp4', filetype: 'video/mp4' },
      chunkSize: piece,
      uploadSize: size,
      retryDelays: null,
      onError: reject,
      onChunkComplete: (_, accepted) => accepted >= enough && upload.abort().then(() => resolve(upload.url)),
    })
    upload.start()
  })
}

function takeUpAgain(url) {
  return new Promise((resolve, reject) => {
    let first
    const upload = new tus.Upload(createReadStream(file), {
      uploadUrl: url,
      endpoint: `${api.root}/uploads`,
      headers: { authorization: `Bearer ${api.token}` },
      chunkSize: piece,
      uploadSize: size,
      onError: reject,
      onProgress: (sent) => (first ??= sent),
      onSuccess: () => resolve(first),
    })
    upload.start()
  })
}

async function becomesAClip(url, title) {
  const clip = await api.post('/clips', { kind: 'answer', service: 'id.lost.report', title_ar: title })
  await api.post(`/clips/${clip.id}/versions`, { upload_id: uploadId(url) })
  const { version } = await api.processed(clip.id)
  assert.ok(version.media.renditions.length >= 1)
  assert.ok(version.media.duration_ms > 10_000)
}

test('tus-js-client goes on where the connection broke, and the clip is processed', async () => {
  const url = await sendAndBreak(size / 3)
  const kept = await api.uploadOffset(url)
  assert.ok(kept >= size / 3 && kept < size, `the server kept ${kept} of ${size}`)
  const resumedAt = await takeUpAgain(url)
  assert.ok(resumedAt >= kept, 'no acknowledged byte is sent again')
  assert.equal(await api.uploadOffset(url), size)
  await becomesAClip(url, 'من tus-js-client')
})

test('tuspy goes on with a new client where the first one stopped, and the clip is processed', async () => {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'resume.py')
  const { stdout } = await promisify(execFile)(process.env.ISHARA_TEST_PYTHON ?? 'python3', [
    script, `${api.root}/uploads`, api.token, file, String(piece),
  ])
  const { url, kept, resumed_at: resumedAt } = JSON.parse(stdout)
  assert.equal(resumedAt, kept)
  assert.ok(kept > 0 && kept < size)
  assert.equal(await api.uploadOffset(url), size)
  await becomesAClip(url, 'من tuspy')
})

test('a piece at the wrong offset is refused and changes nothing', async () => {
  const bytes = await readFile(file)
  const url = await api.createUpload(size)
  await api.appendUpload(url, 0, bytes.subarray(0, piece))
  await assert.rejects(api.appendUpload(url, piece * 2, bytes.subarray(piece * 2)), { status: 409 })
  assert.equal(await api.uploadOffset(url), piece)
})

test('a piece whose checksum is wrong is thrown away', async () => {
  const bytes = await readFile(file)
  const url = await api.createUpload(size)
  const wrong = Buffer.alloc(20, 1).toString('base64')
  const answer = await fetch(url, {
    method: 'PATCH',
    headers: {
      ...api.uploadHeaders(), 'upload-offset': '0', 'content-type': 'application/offset+octet-stream',
      'upload-checksum': `sha1 ${wrong}`,
    },
    body: bytes.subarray(0, piece),
  })
  assert.equal(answer.status, 460)
  assert.equal(await api.uploadOffset(url), 0)
})

test('an upload that is too large is refused before a byte is sent', async () => {
  await assert.rejects(api.createUpload(1e15), { status: 413 })
})

test('nobody uploads without a right to', async () => {
  await assert.rejects(new Api(server).createUpload(size), { status: 401 })
})
