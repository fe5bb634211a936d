// The player on a clip's page: everything that a person who reads little and looks closely needs, measured in Chromium.
// The numbers are those of the requirements in the issue (29-43).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, Visitor, openBrowser } from '../support/browser.mjs'
import { loadClip, loadSamples } from '../support/samples.mjs'
import { Server, until } from '../support/server.mjs'

let server, browser, path

before(async () => {
  server = await Server.start()
  await loadSamples(server, ['id-lost-report'])
  await loadClip(server, { id: 'term', kind: 'glossary_term', service: 'absher.account', title_ar: 'أبشر', captions: 'منصة أبشر',
    media: 'signing/learn.mkv', state: 'published' })
  browser = await openBrowser()
  path = await until('the clip is found', async () => {
    const { hits } = await (await fetch(`${server.base}/api/v1/search?q=${encodeURIComponent('هويتي')}`)).json()
    return hits[0] && `/clips/${hits[0].clip.slug}`
  })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Opens the clip's page and gives what the tests look at. */
async function watch(options = {}, query = '') {
  const { media, headers, ...rest } = options
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK, ...rest })
  if (media) await visitor.page.emulateMedia(media)
  if (headers) await visitor.context.setExtraHTTPHeaders(headers)
  visitor.bytes = []
  visitor.page.on('request', (request) => {
    if (request.resourceType() === 'media') visitor.bytes.push(request.url())
  })
  await visitor.open(path + query)
  visitor.video = visitor.page.locator('.player video')
  visitor.now = () => visitor.video.evaluate((video) => video.currentTime)
  visitor.ready = () => until('the video has its first picture', () => visitor.video.evaluate((video) => video.readyState >= 2))
  visitor.key = (act) => visitor.page.locator(`.player__ctl [data-act="${act}"]`)
  return visitor
}

const settled = (visitor) => until('the seek is done', () => visitor.video.evaluate((video) => !video.seeking))
const near = (value, wanted, by, what) => assert.ok(Math.abs(value - wanted) <= by, `${what}: ${value}, not ${wanted} ± ${by}`)

test('29: on a phone of 360 × 800 the video fills the width, nothing covers it while it plays, full screen is one tap', async () => {
  const visitor = await watch({ viewport: { width: 360, height: 800 } })
  const { page, video } = visitor
  await visitor.ready()
  await page.getByRole('button', { name: 'شاهد الإجابة' }).click()
  await until('it plays', async () => (await visitor.now()) > 0.1)
  const box = await video.boundingBox()
  assert.ok(box.width >= 324, `${box.width} px wide on a screen of 360`)
  assert.ok(box.height <= 800, `${box.height} px high on a screen of 800`)
  const covering = await video.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    const at = []
    for (let x = 0.05; x < 1; x += 0.1) for (let y = 0.05; y < 1; y += 0.1) at.push(document.elementFromPoint(left + x * width, top + y * height))
    return at.filter((found) => found && found !== element).map((found) => found.className)
  })
  assert.deepEqual(covering, [])
  await visitor.key('full').click()
  assert.ok(await page.evaluate(() => document.fullscreenElement !== null))
  await visitor.leave()
})

test('72: a term in the transcript opens its sign in a pop-over, and is a link without script', async () => {
  await until('the term is published', async () => (await (await fetch(server.base + path)).text()).includes('class="term"'))
  const visitor = await watch()
  const { page } = visitor
  const term = page.locator('.script .term').first()
  await term.click()
  const pop = page.locator('#signpop')
  await until('the sign plays', () => pop.locator('video').evaluate((video) => !video.paused && video.readyState >= 2))
  assert.equal(await pop.locator('p').innerText(), 'أبشر')
  assert.ok(await visitor.video.evaluate((video) => video.paused), 'one clip at a time')
  const signing = () => pop.locator('video').evaluate((video) => ({ paused: video.paused, rate: video.playbackRate, at: video.currentTime }))
  await pop.getByRole('button', { name: '٠٫٥' }).click()
  await pop.getByRole('button', { name: 'إيقاف' }).click()
  assert.deepEqual([(await signing()).paused, (await signing()).rate], [true, 0.5])
  await pop.getByRole('button', { name: 'من البداية' }).click()
  await until('it signs again', async () => !(await signing()).paused)
  await page.keyboard.press('Escape')
  assert.ok(await pop.isHidden())
  await page.locator('.script div.cue .cue__at').first().click()
  await until('the line plays', async () => (await visitor.now()) > 0)
  await visitor.leave()

  const plain = await watch({ script: false })
  await plain.page.locator('.script .term').first().click()
  await plain.page.waitForURL(/\/clips\/abshr/)
  await plain.leave()
})

test('30: on a line of 1.6 Mbit/s and 150 ms the first picture moves within 2 s', async () => {
  const visitor = await watch()
  const line = await visitor.context.newCDPSession(visitor.page)
  await line.send('Network.enable')
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 })
  await visitor.open(path)
  const took = await visitor.video.evaluate(async (video) => {
    const begun = performance.now()
    document.querySelector('.player__big').click()
    await new Promise((done) => video.requestVideoFrameCallback(done))
    return performance.now() - begun
  })
  assert.ok(took <= 2000, `${took} ms`)
  await visitor.leave()
})

for (const [name, options] of [
  ['reduced motion', { media: { reducedMotion: 'reduce' } }],
  ['no script', { script: false }],
]) {
  test(`31: with ${name} no byte of a video moves before a tap`, async () => {
    const visitor = await watch(options)
    await visitor.page.waitForLoadState('networkidle')
    assert.deepEqual(visitor.bytes, [])
    await visitor.leave()
  })
}

test('31: with Save-Data no byte of a video moves before a tap, and then the smallest size plays', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  await visitor.context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true, effectiveType: '4g' }) })
  })
  const bytes = []
  visitor.page.on('request', (request) => request.resourceType() === 'media' && bytes.push(new URL(request.url()).pathname))
  await visitor.open(path)
  await visitor.page.waitForLoadState('networkidle')
  assert.deepEqual(bytes, [])
  const sizes = await visitor.page.locator(`[data-quality="saver"]`).evaluateAll((keys) => keys.map((key) => key.dataset.src))
  const saver = sizes[0] ?? new URL(await visitor.page.locator(".player source").getAttribute("src"), server.base).pathname
  await visitor.page.getByRole('button', { name: 'شاهد الإجابة' }).click()
  await until('it plays', async () => (await visitor.page.locator('.player video').evaluate((video) => video.currentTime)) > 0.1)
  assert.deepEqual([...new Set(bytes)], [saver])
  await visitor.leave()
})

test('33: seven speeds stand in sight, none above 2, and the choice stays', async () => {
  const visitor = await watch()
  const speeds = visitor.page.locator('.player [data-speed]')
  assert.deepEqual(await speeds.evaluateAll((keys) => keys.map((key) => key.dataset.speed)), ['0.25', '0.5', '0.75', '1', '1.25', '1.5', '2'])
  for (const key of await speeds.all()) assert.ok(await key.isVisible())
  await visitor.page.locator('[data-speed="0.5"]').click()
  assert.equal(await visitor.video.evaluate((video) => video.playbackRate), 0.5)
  await visitor.open(path)
  assert.equal(await visitor.video.evaluate((video) => video.playbackRate), 0.5)
  assert.equal(await visitor.page.locator('[data-speed="0.5"]').getAttribute('aria-checked'), 'true')
  await visitor.leave()
})

test('34: A–B stays within one frame for five rounds; repeating the whole clip is another key', async () => {
  const visitor = await watch()
  await visitor.ready()
  const fps = Number(await visitor.page.locator('[data-player]').getAttribute('data-fps'))
  const seek = async (time) => {
    await visitor.video.evaluate((video, to) => (video.currentTime = to), time)
    await settled(visitor)
  }
  await seek(1)
  await visitor.key('a').click()
  await seek(1.6)
  await visitor.key('b').click()
  const { shown, rounds } = await visitor.video.evaluate((video) => new Promise((done) => {
    const seen = []
    let turns = 0, last = -1
    const look = (now, { mediaTime }) => {
      if (last >= 0 && mediaTime < last) turns += 1
      last = mediaTime
      if (turns > 0) seen.push(mediaTime)
      if (turns < 6) video.requestVideoFrameCallback(look); else done({ shown: seen, rounds: turns })
    }
    video.currentTime = 1.2
    video.addEventListener('seeked', () => { video.requestVideoFrameCallback(look); video.play() }, { once: true })
  }))
  assert.ok(rounds >= 5)
  const frame = 1 / fps + 0.001
  assert.ok(Math.min(...shown) >= 1 - frame, `a picture of ${Math.min(...shown)} s`)
  assert.ok(Math.max(...shown) <= 1.6 + frame, `a picture of ${Math.max(...shown)} s`)
  assert.equal(await visitor.key('loop').getAttribute('aria-pressed'), 'false')
  await visitor.leave()
})

test('35: mirror flips the picture and nothing else, in full screen too', async () => {
  const visitor = await watch({ media: { reducedMotion: 'reduce' } }, '?t=3')
  const { page } = visitor
  const seen = async () => ({
    controls: (await page.locator('.player__ctl .transport').screenshot()).toString('base64'),
    captions: (await page.locator('.player .cap').screenshot()).toString('base64'),
    picture: await visitor.video.evaluate((video) => getComputedStyle(video).transform),
  })
  const before = await seen()
  await visitor.key('mirror').click()
  await page.mouse.move(0, 0)
  const after = await seen()
  assert.equal(before.picture, 'none')
  assert.equal(after.picture, 'matrix(-1, 0, 0, 1, 0, 0)')
  assert.ok(after.controls === before.controls, 'the controls look as before')
  assert.ok(after.captions === before.captions, 'the captions look as before')
  await visitor.key('full').click()
  await until('it fills the screen', () => page.evaluate(() => document.fullscreenElement !== null))
  assert.equal(await visitor.video.evaluate((video) => getComputedStyle(video).transform), after.picture, 'in full screen the picture is turned')
  assert.equal(await visitor.video.getAttribute('controls'), null, 'and no controls of the browser with it')
  assert.ok(await page.locator('.player .seek').isVisible() && await visitor.key('play').isVisible(), 'our own stay')
  const picture = await visitor.video.boundingBox(), controls = await page.locator('.player__ctl').boundingBox()
  const apart = Math.max(controls.x - picture.x - picture.width, picture.x - controls.x - controls.width, controls.y - picture.y - picture.height)
  assert.ok(apart >= -1, 'beside or below the picture')
  await visitor.key('full').click()
  await until('the page is back', () => page.evaluate(() => document.fullscreenElement === null))
  await visitor.open(path)
  assert.equal((await seen()).picture, after.picture, 'remembered')
  await visitor.leave()
})

test('36: a step is exactly one frame, forwards and backwards', async () => {
  const visitor = await watch()
  await visitor.ready()
  const fps = Number(await visitor.page.locator('[data-player]').getAttribute('data-fps'))
  const frame = async () => Math.floor((await visitor.now()) * fps + 0.01)
  await visitor.video.evaluate((video) => (video.currentTime = 2))
  await settled(visitor)
  const start = await frame()
  for (const [act, expected] of [['next', 1], ['next', 2], ['next', 3], ['prev', 2], ['prev', 1], ['prev', 0], ['prev', -1]]) {
    await visitor.key(act).click()
    await settled(visitor)
    assert.equal((await frame()) - start, expected, act)
  }
  await visitor.leave()
})

for (const lang of ['ar', 'en']) {
  test(`37: the timeline runs from left to right in ${lang}: a press at 25 % is 25 %, ArrowRight is 5 s on`, async () => {
    const visitor = await watch({ viewport: { width: 360, height: 800 } }, `?lang=${lang}`)
    await visitor.ready()
    const length = await visitor.video.evaluate((video) => video.duration)
    const bar = visitor.page.locator('.seek__bar')
    await bar.scrollIntoViewIfNeeded()
    for (const share of [0.25, 0.5, 0.9]) {
      const box = await bar.boundingBox()
      await visitor.page.mouse.click(box.x + box.width * share, box.y + box.height / 2)
      await settled(visitor)
      near((await visitor.now()) / length, share, 0.02, 'share of the clip')
    }
    await visitor.video.evaluate((video) => (video.currentTime = 1))
    await settled(visitor)
    await bar.locator('input').press('ArrowRight')
    await settled(visitor)
    near(await visitor.now(), 6, 0.05, 'after ArrowRight')
    await bar.locator('input').press('ArrowLeft')
    await settled(visitor)
    near(await visitor.now(), 1, 0.05, 'after ArrowLeft')
    await visitor.leave()
  })
}

test('38: every control is reached and worked by keyboard, shows its focus, and is 44 px large on every screen', async () => {
  const visitor = await watch()
  const { page } = visitor
  await visitor.ready()
  await page.locator('.player summary').click()
  for (const viewport of [DESK, { width: 360, height: 800 }, { width: 320, height: 640 }]) {
    await page.setViewportSize(viewport)
    const small = await page.locator('.player button:visible, .player summary:visible, .player input:visible, .script button:visible').evaluateAll((all) =>
      all.map((one) => ({ name: one.textContent.trim() || one.ariaLabel, box: one.getBoundingClientRect() })).filter(({ box }) => box.width < 44 || box.height < 44).map(({ name, box }) => `${name} ${box.width}×${box.height}`))
    assert.deepEqual(small, [], `on a screen of ${viewport.width}`)
    const cut = await page.locator('.player').evaluate((player) => {
      const frame = player.getBoundingClientRect()
      return [...player.querySelectorAll('.player__ctl button')].filter((key) => key.getBoundingClientRect().left < frame.left - 1 || key.getBoundingClientRect().right > frame.right + 1).map((key) => key.textContent)
    })
    assert.deepEqual(cut, [], `no key is cut on a screen of ${viewport.width}`)
  }
  await page.setViewportSize(DESK)
  await visitor.key('prev').focus()
  await page.keyboard.press('Shift+Tab')
  const reached = new Set()
  for (let press = 0; press < 24; press++) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate(() => {
      const one = document.activeElement, style = getComputedStyle(one)
      return { inside: one.closest('.player') !== null, name: one.dataset.act ?? one.closest('[role=radiogroup]')?.getAttribute('aria-labelledby') ?? one.tagName, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 }
    })
    if (!focus.inside) break
    assert.ok(focus.outline, `${focus.name} shows its focus`)
    reached.add(focus.name)
  }
  for (const name of ['prev', 'back', 'play', 'forward', 'next', 'loop', 'a', 'b', 'mirror', 'captions', 'full', 'player-speed', 'player-size', 'player-colour']) assert.ok(reached.has(name), `Tab reaches ${name}: ${[...reached]}`)
  await visitor.leave()
})

test('38: the keys work under an Arabic keyboard too, and ? explains them', async () => {
  const visitor = await watch()
  const { page } = visitor
  await visitor.ready()
  await visitor.key('mirror').focus()
  const press = (key, code, shiftKey = false) => page.evaluate(([k, c, shift]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: k, code: c, shiftKey: shift, bubbles: true, cancelable: true })), [key, code, shiftKey])
  await press('ة', 'KeyM')
  assert.equal(await visitor.key('mirror').getAttribute('aria-pressed'), 'true')
  await press('م', 'KeyL')
  assert.equal(await visitor.key('loop').getAttribute('aria-pressed'), 'true')
  await press('>', 'Period', true)
  assert.equal(await visitor.video.evaluate((video) => video.playbackRate), 1.25)
  await press('<', 'Comma', true)
  await press('<', 'Comma', true)
  assert.equal(await visitor.video.evaluate((video) => video.playbackRate), 0.75)
  await press('ؤ', 'KeyC')
  assert.ok(await page.locator('.player .cap').isHidden())
  await press('؟', 'Slash', true)
  assert.ok(await page.getByRole('dialog', { name: 'مفاتيح لوحة المفاتيح' }).isVisible())
  await page.keyboard.press('Escape')
  assert.ok(await page.locator('dialog.keys').isHidden())
  await visitor.leave()
})

test('39: a silent clip has no volume control and no muted sign', async () => {
  const visitor = await watch()
  assert.equal(await visitor.video.getAttribute('controls'), null)
  assert.equal(await visitor.page.locator('[data-act="sound"]').count(), 0)
  assert.ok(await visitor.page.locator('.player.is-silent').isVisible())
  await visitor.leave()
})

test('40: without script the clip plays and its text reads', async () => {
  const visitor = await watch({ script: false })
  assert.notEqual(await visitor.video.getAttribute('controls'), null)
  assert.ok(await visitor.page.locator('.script .cue').first().isVisible())
  assert.ok(await visitor.page.locator('.player__ctl').isHidden(), 'no control that does nothing')
  await visitor.leave()
})

test('41: what scrubbing does, buttons and keys do too', async () => {
  const visitor = await watch()
  await visitor.ready()
  await visitor.key('forward').click()
  await settled(visitor)
  near(await visitor.now(), 5, 0.05, 'five seconds on')
  await visitor.key('back').click()
  await settled(visitor)
  near(await visitor.now(), 0, 0.05, 'five seconds back')
  await visitor.leave()
})

test('42: captions stand below the picture, over it by choice, in four sizes and three colours of at least 7:1', async () => {
  const visitor = await watch({}, '?t=3')
  const { page } = visitor
  const cap = page.locator('.player .cap')
  const below = async () => (await cap.boundingBox()).y >= (await visitor.video.boundingBox()).y + (await visitor.video.boundingBox()).height - 1
  assert.ok(await below())
  await page.locator('.player summary').click()
  const sizes = []
  for (const size of ['s', 'm', 'l', 'xl']) {
    await page.locator(`[data-cap-size="${size}"]`).click()
    sizes.push(await cap.evaluate((one) => parseFloat(getComputedStyle(one).fontSize)))
  }
  assert.deepEqual(sizes, [18, 24, 30, 36])
  for (const colour of ['dark', 'yellow', 'light']) {
    await page.locator(`[data-cap-colour="${colour}"]`).click()
    const ratio = await cap.evaluate((one) => {
      const style = getComputedStyle(one)
      const light = (text) => {
        const [r, g, b] = text.match(/[\d.]+/g).slice(0, 3).map((part) => { const c = part / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 })
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
      }
      const [a, b] = [light(style.color), light(style.backgroundColor)].sort((x, y) => y - x)
      return (a + 0.05) / (b + 0.05)
    })
    assert.ok(ratio >= 7, `${colour}: ${ratio}`)
  }
  await page.locator('[data-cap-place="over"]').click()
  assert.ok(!(await below()), 'over the picture by choice')
  await visitor.open(path)
  assert.equal(await cap.getAttribute('data-size'), 'xl')
  assert.equal(await cap.getAttribute('data-place'), 'over')
  await visitor.leave()
})

test('43: a caption that begins with a Latin word reads from right to left, drawn by us and by the browser', async () => {
  const visitor = await watch()
  const placed = await visitor.page.evaluate(() => {
    const line = document.querySelector('.player .cap')
    line.textContent = 'Absher: جدّد هويتك الآن.'
    const words = line.firstChild, box = (from, to) => {
      const range = document.createRange()
      range.setStart(words, from)
      range.setEnd(words, to)
      return range.getBoundingClientRect()
    }
    const last = words.length
    return { latin: box(0, 6).left, arabic: box(8, 12).left, stop: box(last - 1, last).left }
  })
  assert.ok(placed.latin > placed.arabic && placed.arabic > placed.stop, JSON.stringify(placed))
  const track = await fetch(new URL(await visitor.page.locator('track').getAttribute('src'), server.base))
  assert.match(await track.text(), /^WEBVTT/)
  await visitor.leave()
})

test('46: the transcript follows, seeks, and a caption found by search opens at its moment', async () => {
  const visitor = await watch()
  await visitor.ready()
  const cue = visitor.page.locator('.script .cue').nth(1)
  const from = Number(await cue.getAttribute('data-from'))
  await cue.click()
  await until('the sentence is marked', async () => (await cue.getAttribute('aria-current')) === 'true')
  near(await visitor.now(), from, 0.6, 'place')
  const moment = await watch({}, `?t=${from}`)
  await until('it stands there', async () => Math.abs((await moment.now()) - from) <= 0.5)
  await moment.leave()
  for (const broken of ['?t=NaN', '?t=-4', '?t=1e99', '?t=%00', '?t=%D9%A5', '?t=1&t=2']) {
    const answer = await fetch(server.base + path + broken)
    assert.ok(answer.status < 500, `${broken} answers ${answer.status}`)
  }
  await visitor.leave()
})

test('the timeline shows a small picture of the moment under the pointer', async () => {
  const visitor = await watch()
  await visitor.ready()
  const bar = visitor.page.locator('.seek__bar')
  await bar.scrollIntoViewIfNeeded()
  const box = await bar.boundingBox()
  await visitor.page.mouse.move(box.x + 4, box.y + box.height / 2)
  const board = visitor.page.locator('.board')
  const places = new Set()
  await until('the small picture is there', async () => {
    await visitor.page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2)
    return board.isVisible()
  })
  for (const share of [0.1, 0.5, 0.9]) {
    await visitor.page.mouse.move(box.x + box.width * share, box.y + box.height / 2)
    places.add(await board.locator('i').evaluate((one) => one.style.backgroundPosition))
  }
  assert.ok(places.size === 3, `three moments, three pictures: ${[...places]}`)
  const [shown, picture] = [await board.boundingBox(), await visitor.video.boundingBox()]
  assert.ok(shown.y >= picture.y + picture.height - 1, 'it does not cover the signing')
  visitor.nothingWrong()
  await visitor.leave()
})

test('a clip is saved, listed, taken off the list, and has a card with a code', async () => {
  const visitor = await watch()
  const { page } = visitor
  await page.getByRole('button', { name: 'احفظه لوقت آخر' }).click()
  await page.getByRole('button', { name: 'محفوظ عندك' }).waitFor()
  await visitor.open('/saved')
  await page.getByRole('link', { name: 'ضاعت هويتي، ماذا أفعل؟' }).waitFor()
  await visitor.inspect('saved')
  await page.getByRole('button', { name: 'أزله من القائمة' }).click()
  await page.getByText('لم تحفظ مقطعًا بعد').waitFor()
  await visitor.open(`${path}/card`)
  await page.getByRole('img', { name: 'رمز مربع يفتح صفحة المقطع' }).waitFor()
  await visitor.inspect('clip-card')
  await visitor.leave()
})
