// Renditions in a real browser: every keyframe can be sought to, a long clip plays as HLS, the small size can be watched
// before the others are there, a trimmed clip and a copy for channels come out as asked for.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { Api } from '../support/api.mjs'
import { DESK, Visitor, openBrowser, signIn } from '../support/browser.mjs'
import { loadClip } from '../support/samples.mjs'
import { Server, fixture, until } from '../support/server.mjs'

const run = promisify(execFile)
const LONG_SECONDS = 96
const CUES = `WEBVTT\n\n00:00:00.500 --> 00:00:03.000\nأهلًا بكم في خدمة الهوية.\n\n00:00:03.200 --> 00:00:06.000\nاحجز موعدك عبر أبشر.\n`

let server, browser, visitor, api, folder

before(async () => {
  server = await Server.start()
  folder = await mkdtemp(join(tmpdir(), 'ishara-video-'))
  const producer = await server.person('producer')
  api = new Api(server, await server.token(producer, 'read', 'write'))
  browser = await openBrowser()
  visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  await signIn(visitor, producer)
})

after(async () => {
  await browser?.close()
  await server?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const fields = (title) => ({ service: 'id.lost.report', title_ar: title })

/** A page of the site whose only content is a video at `url`. */
async function playing(url) {
  await visitor.page.goto(`${server.base}/studio`)
  await visitor.page.evaluate(async (src) => {
    const video = document.createElement('video')
    video.muted = true
    video.preload = 'auto'
    video.src = src
    document.body.replaceChildren(video)
    await new Promise((resolve, reject) => {
      video.addEventListener('loadeddata', resolve, { once: true })
      video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true })
    })
  }, url)
}

/** Seeks to each moment in turn; what the player then shows must be that moment. */
const seekAll = (moments) =>
  visitor.page.evaluate(async (moments) => {
    const video = document.querySelector('video')
    const wrong = []
    for (const moment of moments) {
      await new Promise((resolve, reject) => {
        video.addEventListener('seeked', resolve, { once: true })
        video.addEventListener('error', () => reject(new Error(`at ${moment}: ${video.error.message}`)), { once: true })
        video.currentTime = moment
      })
      if (Math.abs(video.currentTime - moment) > 0.001 || video.readyState < 2) wrong.push(moment)
    }
    return wrong
  }, moments)

async function keyframes(url) {
  const file = join(folder, 'rendition.mp4')
  const response = await fetch(server.base + url, { headers: { authorization: `Bearer ${api.token}` } })
  await writeFile(file, Buffer.from(await response.arrayBuffer()))
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-skip_frame', 'nokey',
    '-show_entries', 'frame=pts_time', '-of', 'csv=p=0', file])
  // A frame with side data has a line more, without a number.
  return stdout.split('\n').map((line) => Number.parseFloat(line)).filter(Number.isFinite)
}

test('every keyframe of every rendition can be sought to', async () => {
  const large = join(folder, 'large.mp4')
  await run('ffmpeg', ['-v', 'error', '-y', '-i', fixture('clips/id-lost-report.mp4'), '-t', '6', '-vf', 'scale=768:960',
    '-c:v', 'libx264', '-preset', 'ultrafast', large])
  const { id } = await api.clip(large, fields('ضاعت هويتي'))
  const clip = await api.processed(id)
  assert.deepEqual(clip.version.media.renditions.map(({ width }) => width), [360, 540, 720])
  for (const rendition of clip.version.media.renditions) {
    const keys = await keyframes(rendition.url)
    assert.ok(keys.length >= Math.floor(clip.version.media.duration_ms / 1000), `${keys.length} keyframes`)
    await playing(rendition.url)
    const scattered = [...keys].reverse().concat(keys)
    assert.deepEqual(await seekAll(scattered), [], `${rendition.name} at ${rendition.width}x${rendition.height}`)
  }
})

test('cards are small, in two formats and two sizes', async () => {
  const { id } = await api.clip(fixture('clips/id-photo.mp4'), fields('صورة الهوية'))
  const clip = await api.processed(id)
  const cards = clip.version.media.cards
  assert.deepEqual(cards.map((card) => card.mime), ['image/webp', 'image/jpeg', 'image/webp', 'image/jpeg'])
  assert.ok(cards.every((card) => card.bytes <= 15 * 1024 && card.width > 0))
})

test('a trimmed clip is processed again, and its captions move with it', async () => {
  const { id } = await api.clip(fixture('clips/id-renew.mp4'), fields('تجديد الهوية'))
  const whole = await api.processed(id)
  await api.put(`/clips/${id}/captions/ar`, CUES, 'text/vtt')
  const { status } = await api.call('PUT', `/clips/${id}/trim`, { body: { from_ms: 2000, to_ms: 5000 } })
  assert.equal(status, 202)
  const cut = await api.processed(id)
  assert.ok(Math.abs(cut.version.media.duration_ms - 3000) <= 50, `${cut.version.media.duration_ms} ms`)
  assert.equal(cut.version.n, whole.version.n + 1)
  const { answer: vtt } = await api.call('GET', `/clips/${id}/captions/ar`)
  assert.match(vtt, /00:00:00\.000 --> 00:00:01\.000/)
  assert.match(vtt, /00:00:01\.200 --> 00:00:03\.000/)
  await assert.rejects(api.call('PUT', `/clips/${id}/trim`, { body: { from_ms: 2900, to_ms: 2000 } }), { status: 422 })
})

test('a copy for channels has captions below the picture, sound, and at most 16 MB', async () => {
  const { id } = await api.clip(fixture('clips/id-damaged.mp4'), fields('هوية تالفة'))
  const clip = await api.processed(id)
  await api.put(`/clips/${id}/captions/ar`, CUES, 'text/vtt')
  await api.post(`/clips/${id}/package`)
  const made = await until('the package', async () => {
    const seen = await api.get(`/clips/${id}/package`)
    assert.notEqual(seen.state, 'failed')
    return seen.state === 'ready' && seen
  }, { seconds: 120, every: 300 })
  assert.ok(made.bytes <= made.limit_bytes)
  const file = join(folder, 'package.mp4')
  const response = await fetch(server.base + made.url, { headers: { authorization: `Bearer ${api.token}` } })
  await writeFile(file, Buffer.from(await response.arrayBuffer()))
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', file])
  assert.deepEqual(stdout.trim().split('\n').sort(), ['aac', 'h264'])
  const largest = clip.version.media.renditions.at(-1)
  assert.ok(made.height / made.width > largest.height / largest.width, 'a band below the picture')
  // The band holds letters: white on dark while a cue is shown, nothing before it.
  const bright = async (at) => {
    const crop = `crop=iw:ih/10:0:ih-ih/8,scale=1:1:flags=area,format=gray`
    const { stdout } = await run('ffmpeg', ['-v', 'error', '-ss', at, '-i', file, '-vf', crop, '-frames:v', '1', '-f', 'rawvideo', '-'],
      { encoding: 'buffer' })
    return stdout[0]
  }
  assert.ok((await bright('1.5')) > (await bright('0.1')) + 2, 'captions are burned in')
  await run('ffmpeg', ['-v', 'error', '-y', '-ss', '1.5', '-i', file, '-frames:v', '1', '-update', '1', join(visitor.pictures ?? folder, 'package.png')])
})

/** Real signing, repeated until it is long, or encoded anew as `video` says. */
async function longClip(seconds, video = ['-c', 'copy']) {
  const long = join(folder, `long-${seconds}.mp4`)
  await run('ffmpeg', ['-v', 'error', '-y', '-stream_loop', '-1', '-i', fixture('clips/id-lost-report.mp4'), '-t', String(seconds),
    ...video, long])
  return long
}

test('the gallery plays a long clip as a stream, any size by choice, and one size where streams do not play', async () => {
  const long = await longClip(LONG_SECONDS - 4, ['-vf', 'scale=480:600', '-preset', 'ultrafast'])
  await loadClip(server, { id: 'long', kind: 'answer', service: 'id.lost.report', title_ar: 'شرح طويل للبلاغ', captions: 'أهلًا بكم',
    media: 'long.mp4', state: 'published' }, () => long)
  const path = await until('the clip is found', async () => {
    const { hits } = await (await fetch(`${server.base}/api/v1/search?q=${encodeURIComponent('شرح طويل')}`)).json()
    return hits[0] && `/clips/${hits[0].clip.slug}`
  })
  await until('the stream is there', async () => (await (await fetch(server.base + path)).text()).includes('data-stream'), { seconds: 300, every: 300 })
  const plays = ({ page }, what, address) => until(what, () => page.locator('.player video').evaluate(
    (video, address) => !video.paused && video.currentTime > 0.2 && video.currentSrc.endsWith(address), address))
  const watches = async (prepare) => {
    const reader = await Visitor.arrive(browser, server, { viewport: DESK })
    await prepare?.(reader.page)
    await reader.open(path)
    await reader.page.getByRole('button', { name: 'شاهد الإجابة' }).click()
    return reader
  }
  const reader = await watches()
  await plays(reader, 'the stream plays', 'main.m3u8')
  await reader.page.locator('.player .opts summary').click()
  await reader.page.locator('[data-quality="saver"]').click()
  await plays(reader, 'the small size plays on', '.mp4')
  await reader.page.locator('[data-quality="auto"]').click()
  await plays(reader, 'the stream plays again', 'main.m3u8')
  await reader.leave()

  const old = await watches((page) => page.addInitScript(() => { HTMLMediaElement.prototype.canPlayType = () => '' }))
  await plays(old, 'a browser without streams plays one size', '.mp4')
  await old.leave()
  const unlucky = await watches((page) => page.route('**/*.m3u8', (route) => route.fulfill({ status: 503 })))
  await plays(unlucky, 'when the stream does not come, one size plays', '.mp4')
  await unlucky.leave()
})

test('a long clip can be watched early and plays as HLS with its captions', async () => {
  const { id } = await api.clip(await longClip(LONG_SECONDS), fields('شرح طويل'))
  let early = false
  await until('the long clip', async () => {
    const { version } = await api.get(`/clips/${id}`)
    early ||= version.media.state === 'transcoding' && version.media.renditions.length === 1
    return version.media.state === 'ready'
  }, { seconds: 300, every: 100 })
  assert.ok(early, 'the smallest size was there before the others')
  await api.put(`/clips/${id}/captions/ar`, CUES, 'text/vtt')
  const clip = await api.get(`/clips/${id}`)
  const { hls, dash } = clip.version.media
  assert.match(hls, /main\.m3u8$/)
  assert.match(dash, /main\.mpd$/)
  const anonymous = await fetch(server.base + hls)
  assert.equal(anonymous.status, 404, 'nothing unpublished without a right to it')
  const main = await (await fetch(server.base + hls, { headers: { authorization: `Bearer ${api.token}` } })).text()
  assert.match(main, /TYPE=SUBTITLES.*LANGUAGE="ar"/)
  const bearer = ['-headers', `authorization: Bearer ${api.token}\r\n`]
  const entries = ['-show_entries', 'stream=codec_type,width,height:format=duration', '-of', 'json']
  const { stdout } = await run('ffprobe', ['-v', 'error', ...bearer, ...entries, server.base + dash])
  const { streams, format } = JSON.parse(stdout)
  const sizes = streams.filter((one) => one.codec_type === 'video').map(({ width, height }) => [width, height])
  assert.deepEqual(sizes, clip.version.media.renditions.map(({ width, height }) => [width, height]), 'every size through DASH')
  assert.ok(Math.abs(Number(format.duration) - LONG_SECONDS) < 1.5, `${format.duration} s through DASH`)
  await playing(hls)
  const duration = await visitor.page.evaluate(() => document.querySelector('video').duration)
  assert.ok(Math.abs(duration - LONG_SECONDS) < 1.5, `${duration} s`)
  assert.deepEqual(await seekAll([50, 3, 90, 20.5]), [])
  const moved = await visitor.page.evaluate(async () => {
    const video = document.querySelector('video')
    const before = video.currentTime
    await video.play()
    await new Promise((resolve) => video.addEventListener('timeupdate', () => video.currentTime > before + 0.3 && resolve()))
    return true
  })
  assert.ok(moved)
})
