// The gallery beyond its own pages: feeds, structured data, embedding, installing, and saved services without a network.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { Api } from '../support/api.mjs'
import { DESK, PHONE, Visitor, openBrowser } from '../support/browser.mjs'
import { loadClip, loadSamples } from '../support/samples.mjs'
import { Server, until } from '../support/server.mjs'

let server, browser, slug, id

const get = async (path) => {
  const answer = await fetch(server.base + path)
  return { answer, text: await answer.text() }
}

before(async () => {
  server = await Server.start()
  await loadSamples(server, ['id-lost-report', 'id-found-own', 'aware-passcode', 'sign-ask'])
  browser = await openBrowser()
  const found = await until('the clip is found', async () => {
    const { hits } = await (await fetch(`${server.base}/api/v1/search?q=${encodeURIComponent('ضاعت هويتي')}`)).json()
    return hits[0]
  })
  ;({ slug, id } = found.clip)
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('the feed and the sitemap are well-formed, name the clips and their videos', async () => {
  const visitor = await Visitor.arrive(browser, server)
  await visitor.open('/')
  for (const [path, kind, wanted] of [
    ['/feed.xml', 'application/atom+xml', ['entry > link[rel="enclosure"][type="video/mp4"]', 'entry > title', 'content[medium="video"]']],
    ['/sitemap.xml', 'application/xml', ['url > loc', 'player_loc', 'thumbnail_loc', 'duration']],
  ]) {
    const { answer, text } = await get(path)
    assert.ok(answer.headers.get('content-type').startsWith(kind), path)
    assert.ok(text.includes(`/clips/${slug}`), `${path} names the clip`)
    const missing = await visitor.page.evaluate(([xml, names]) => {
      const read = new DOMParser().parseFromString(xml, 'application/xml')
      if (read.querySelector('parsererror')) return [read.querySelector('parsererror').textContent]
      return names.filter((name) => !read.querySelector(name.includes(' ') ? name : name.replace(/^(\w+)/, '$1')) && ![...read.getElementsByTagName('*')].some((one) => one.localName === name.split(/[ [>]/)[0]))
    }, [text, wanted])
    assert.deepEqual(missing, [], path)
  }
  const { text: map } = await get('/sitemap.xml')
  const inEnglish = map.match(new RegExp(`hreflang="en" href="([^"]+/clips/${slug}[^"]*)"`))[1]
  const english = await (await fetch(inEnglish)).text()
  assert.match(english, /<html lang="en"/)
  assert.ok(english.includes(`rel="canonical" href="${inEnglish}"`), 'the English page is a page of its own')
  const file = (await get('/feed.xml')).text.match(/rel="enclosure"[^>]*href="([^"]+)"/)[1]
  assert.equal((await fetch(file, { headers: { range: 'bytes=0-9' } })).status, 206)
  await visitor.leave()
})

test("68: the clip's page says what it is to machines, and to other sites that show links", async () => {
  const { text } = await get(`/clips/${slug}`)
  const video = JSON.parse(text.match(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/)[1])
  assert.equal(video['@type'], 'VideoObject')
  assert.match(video.inLanguage, /^[a-z]{3}$/)
  assert.match(video.duration, /^PT(\d+M)?[\d.]+S$/)
  assert.match(video.uploadDate, /^\d{4}-\d{2}-\d{2}$/)
  assert.ok(video.transcript.includes('ضاعت هويتك'))
  assert.ok(video.accessibilityFeature.includes('signLanguage') && video.accessibilityHazard.includes('noSoundHazard'))
  for (const address of [video.contentUrl, video.thumbnailUrl, video.embedUrl, video.url]) assert.equal((await fetch(address)).status, 200, address)
  for (const name of ['og:title', 'og:image', 'og:video', 'og:url']) assert.match(text, new RegExp(`property="${name}" content="[^"]+"`))
})

test('oEmbed gives a frame for our clips only, and another site shows the player in it', async () => {
  const asked = `/oembed?url=${encodeURIComponent(`${server.base}/clips/${slug}`)}&maxwidth=400`
  const { answer, text } = await get(asked)
  const said = JSON.parse(text)
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  assert.deepEqual([said.version, said.type, said.width], ['1.0', 'video', 400])
  assert.equal((await get(`/oembed?url=${encodeURIComponent('https://example.org/clips/x')}`)).answer.status, 404)
  assert.equal((await get(`${asked}&format=xml`)).answer.status, 501)

  const other = createServer((request, response) => response.setHeader('content-type', 'text/html').end(`<!doctype html><title>x</title>${said.html}`))
  await new Promise((listening) => other.listen(0, '127.0.0.1', listening))
  const context = await browser.newContext({ viewport: DESK })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${other.address().port}/`)
  const frame = page.frameLocator('iframe')
  await frame.getByRole('button', { name: 'شاهد الإجابة' }).click()
  await until('it plays in the frame', () => frame.locator('video').evaluate((video) => video.currentTime > 0.1))
  const refused = await fetch(`${server.base}/clips/${slug}`)
  assert.match(refused.headers.get('content-security-policy'), /frame-ancestors 'none'/)
  await context.close()
  await new Promise((closed) => other.close(closed))
})

test('security.txt and the manifest are what their readers expect', async () => {
  const { answer, text } = await get('/.well-known/security.txt')
  assert.ok(answer.headers.get('content-type').startsWith('text/plain'))
  assert.match(text, /^Contact: http/m)
  const expires = new Date(text.match(/^Expires: (.+)$/m)[1])
  assert.ok(expires > new Date())
  const manifest = JSON.parse((await get('/manifest.webmanifest')).text)
  assert.deepEqual([manifest.dir, manifest.lang, manifest.display], ['rtl', 'ar', 'standalone'])
  for (const icon of manifest.icons) assert.equal((await fetch(server.base + icon.src)).status, 200)
})

test('a service that was kept opens and plays without a network; a question does not', async () => {
  const place = { service: 'id.lost.report', state: 'published' }
  await loadClip(server, { ...place, id: 'two-sizes', kind: 'answer', title_ar: 'كيف أصوّر ورقة البلاغ؟', captions: 'صوّر الورقة.', media: 'signing/learn.mkv' })
  await loadClip(server, { ...place, id: 'drawn', kind: 'graphic', title_ar: 'ثلاث خطوات للبلاغ', summary_ar: 'أبلغ، ثم احجز، ثم استلم.', media: 'graphics/graphic-passcode.png' })
  const pathOf = (title) => until(`${title} is found`, async () => {
    const { hits } = await (await fetch(`${server.base}/api/v1/search?q=${encodeURIComponent(title)}`)).json()
    return hits[0]?.clip.title_ar === title && `/clips/${hits[0].clip.slug}`
  })
  const twoSizes = await pathOf('كيف أصوّر ورقة البلاغ؟')
  await until('both sizes are there', async () => (await (await fetch(server.base + twoSizes)).text()).includes('data-quality="saver"'), { seconds: 60 })
  const drawn = await pathOf('ثلاث خطوات للبلاغ')
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  const { page, context } = visitor
  await visitor.open('/services/id.lost.report')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.getByRole('button', { name: 'احفظ هذه الخدمة في الجهاز' }).click()
  await page.getByRole('button', { name: 'محفوظة، وتعمل بلا إنترنت' }).waitFor({ timeout: 60_000 })
  await visitor.inspect('service-kept')
  await context.setOffline(true)
  await page.goto('/services/id.lost.report')
  await page.getByRole('link', { name: 'ضاعت هويتي، ماذا أفعل؟' }).first().click()
  await page.waitForURL(/\/clips\//)
  await page.getByRole('button', { name: 'شاهد الإجابة' }).click()
  const plays = () => until('the clip plays from the device', () => page.locator('.player video').evaluate((video) => video.currentTime > 0.3))
  await plays()
  await page.goto(twoSizes)
  await page.getByRole('button', { name: 'شاهد الإجابة' }).click()
  await plays()
  await page.goto(drawn)
  await until('the picture is shown', () => page.getByAltText('أبلغ، ثم احجز، ثم استلم.').evaluate((picture) => picture.naturalWidth > 300))
  await page.goto('/questions/anything')
  await page.getByRole('heading', { name: 'مقاطع حفظتها' }).waitFor()
  await page.getByRole('link', { name: 'الإبلاغ عن وثيقة مفقودة' }).click()
  await page.waitForURL(/id\.lost\.report/)
  await context.setOffline(false)
  await page.reload()
  await page.getByRole('button', { name: 'محفوظة، وتعمل بلا إنترنت' }).click()
  await until('nothing of it is left on the device', () => page.evaluate(async () => (await (await caches.open('kept')).keys()).length === 0))
  await visitor.leave()
})

test('search as you type: pictures first, the words marked, the moment in the link; and three ways on at nothing', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  const { page } = visitor
  await visitor.open('/')
  await page.getByRole('searchbox').fill('البلاغ')
  const first = page.locator('.finder__out a.hit').first()
  await first.waitFor()
  assert.equal(await first.evaluate((hit) => hit.firstElementChild.tagName), 'IMG')
  assert.match(await first.locator('mark').first().innerText(), /بلاغ/)
  assert.match(await first.getAttribute('href'), /\?t=\d/)
  await page.getByRole('searchbox').press('ArrowDown')
  assert.ok(await first.evaluate((hit) => hit === document.activeElement))
  await page.getByRole('searchbox').fill('زرافة تطير')
  await until('three ways on', async () => (await page.locator('.finder__out a.way').count()) === 3)
  await visitor.open(`/search?q=${encodeURIComponent('زرافة تطير')}`)
  assert.equal(await page.locator('main .ways a').count(), 3)
  await visitor.leave()
})

test('9 and 10: at most eight topics in words and pictures; a tile signs on tap and on focus, then stops; three taps lead to every answer', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  const { page } = visitor
  await visitor.open('/')
  const tiles = page.locator('.tiles .tile')
  assert.ok((await tiles.count()) <= 8)
  for (const tile of await tiles.all()) {
    assert.notEqual((await tile.locator('.tile__name').innerText()).trim(), '')
    assert.ok((await tile.locator('svg').count()) > 0)
  }
  const title = page.locator('.tile [data-title-clip]').first()
  await title.click()
  await until('it signs', () => title.locator('video').evaluate((video) => video.currentTime > 0))
  await until('it stops by itself', () => title.evaluate((one) => !one.classList.contains('is-playing')), { seconds: 20 })
  const seconds = await title.locator('video').evaluate((video) => video.duration)
  assert.ok(seconds <= 4, `${seconds} s`)
  const { text } = await get('/sitemap.xml')
  const every = [...text.matchAll(/\/clips\/([^<?]+)<\/loc>/g)].map((found) => found[1])
  const reached = new Set()
  const links = async (path) => [...(await get(path)).text.matchAll(/href="(\/(?:clips|services)\/[^"?#]+)/g)].map((found) => found[1])
  const walk = async (paths, taps) => {
    const next = new Set()
    for (const path of paths) for (const link of await links(path)) {
      if (link.startsWith('/clips/')) reached.add(link.slice(7)); else next.add(link)
    }
    if (taps > 1) await walk(next, taps - 1)
  }
  await walk(['/'], 3)
  // A signed title says words of a page, here those of "ask"; it is no answer.
  assert.deepEqual(every.filter((one) => !reached.has(one) && one !== 'asalna-blghtk'), [])
  await visitor.leave()
})

test('10: a card signs its question where it stands, and its words still open the clip', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  const { page } = visitor
  await visitor.open('/')
  const card = page.locator('.card').first(), title = card.locator('[data-title-clip]')
  assert.equal(await card.locator('video').count(), 0, 'only a picture before the tap')
  await title.click()
  await until('it signs', () => title.locator('video').evaluate((video) => video.currentTime > 0))
  assert.equal(new URL(page.url()).pathname, '/', 'the page stays')
  await until('it stops by itself', () => title.evaluate((one) => !one.classList.contains('is-playing')), { seconds: 20 })
  await visitor.inspect('card-signed')
  await card.getByRole('link').click()
  await page.waitForURL(/\/clips\//)
  await visitor.leave()
})

test('11 and 12: what staff chose says a page text in sign, beside its words, and closes with Escape', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  const { page } = visitor
  await visitor.open('/ask')
  const chip = page.locator('[data-sign]').first()
  assert.equal(await chip.getAttribute('data-text'), 'اسألنا بلغتك')
  await chip.focus()
  await page.keyboard.press('Enter')
  const video = page.locator('#signpop video')
  await until('it signs', () => video.evaluate((one) => one.currentTime > 0))
  await visitor.inspect('ask-signed')
  await page.keyboard.press('Escape')
  await until('it is closed', async () => !(await video.isVisible()))
  await visitor.leave()
})

test('10: with reduced motion no tile moves before a tap', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  const { page } = visitor
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const bytes = []
  page.on('request', (request) => request.resourceType() === 'media' && bytes.push(request.url()))
  await visitor.open('/')
  await page.locator('.tile [data-title-clip]').first().hover()
  await page.locator('.card [data-title-clip]').first().hover()
  await page.keyboard.press('Tab')
  await page.waitForLoadState('networkidle')
  assert.deepEqual(bytes, [])
  await page.locator('.tile [data-title-clip]').first().click()
  await until('a tap is a wish', () => bytes.length > 0)
  await visitor.leave()
})

test("two pictures ask whether it was understood; the studio sees counts of answers, visits and repeated sentences", async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  const { page } = visitor
  await visitor.open(`/clips/${slug}`)
  await page.locator('.script .cue').nth(1).click()
  await until('the second sentence is seen', async () => (await page.locator('.script .cue').nth(1).getAttribute('aria-current')) === 'true')
  await page.locator('.player video').evaluate((video) => new Promise((done) => { video.addEventListener('ended', done, { once: true }); video.currentTime = video.duration - 0.3 }))
  await page.getByRole('button', { name: 'فهمت', exact: true }).click()
  await page.getByText('شكرًا لك.').waitFor()
  const producer = await Visitor.arrive(browser, server, { viewport: DESK })
  const { signIn } = await import('../support/browser.mjs')
  await signIn(producer, await server.person('producer'))
  await until('the counts are there', async () => {
    await producer.open(`/studio/clips/${id}`)
    return producer.page.getByRole('heading', { name: 'كيف وصلت الإجابة' }).isVisible()
  })
  await producer.inspect('studio-reception')
  await producer.leave()
  await visitor.leave()
})

test('53: a withdrawn answer says so and shows what answers the question now; markup and odd addresses are harmless', async () => {
  const person = await server.person('administrator')
  const api = new Api(server, await server.token(person, 'admin', 'write', 'read', 'review'))
  const { hits } = await api.get(`/search?q=${encodeURIComponent('وجدت هويتي')}`)
  const gone = hits.find((hit) => hit.clip.slug !== slug).clip
  await api.call('DELETE', `/clips/${gone.id}/publication`, { body: { reason: 'تغيّرت المعلومة' } })
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  const answer = await visitor.page.goto(`/clips/${gone.slug}`)
  assert.equal(answer.status(), 410)
  await visitor.page.getByRole('heading', { name: 'سُحبت هذه الإجابة' }).waitFor()
  await visitor.inspect('gone')
  for (const [path, status] of [
    ['/clips/no-such', 404],
    [`/search?q=${encodeURIComponent('<script>alert(1)</script>')}`, 200],
    [`/search?q=${encodeURIComponent('\u202Eهوية\u2066')}`, 200],
    [`/search?q=${'ه'.repeat(900)}`, 200],
    ['/services/%3Cb%3E', 404],
    ['/embed/no-such', 404],
  ]) {
    const { answer: said, text } = await get(path)
    assert.ok(said.status === status || (path.length > 2000 && said.status < 500), `${path.slice(0, 60)} answers ${said.status}`)
    assert.ok(!text.includes('<script>alert(1)'), path)
  }
  await visitor.leave()
})
