// What a slow line and a reader's own text settings must not break (requirements 30, 60 and 61).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PHONE, Visitor, openBrowser } from '../support/browser.mjs'
import { loadSamples } from '../support/samples.mjs'
import { Server, until } from '../support/server.mjs'

let server, browser, clip

before(async () => {
  server = await Server.start()
  await loadSamples(server, ['id-lost-report', 'aware-passcode'])
  browser = await openBrowser()
  clip = await until('the clip is found', async () => {
    const { hits } = await (await fetch(`${server.base}/api/v1/search?q=${encodeURIComponent('هويتي')}`)).json()
    return hits[0] && `/clips/${hits[0].clip.slug}`
  })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A phone on the line that the requirements name: 1.6 Mbit/s, 150 ms. */
async function onSlowLine() {
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  const line = await visitor.context.newCDPSession(visitor.page)
  await line.send('Network.enable')
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 })
  return visitor
}

test('30: the smallest size plays to its end on a slow line without standing still', async () => {
  const visitor = await onSlowLine()
  await visitor.open(clip)
  // A clip with one size offers no choice: that size is the smallest.
  const saver = visitor.page.locator('[data-quality=saver]')
  if (await saver.count()) {
    await visitor.page.locator('.opts summary').click()
    await saver.click()
  }
  const stalls = await visitor.page.locator('.player video').evaluate(async (video) => {
    let moves = false
    const stalls = []
    // A wait at the very end is the end, and one before the first picture is the beginning.
    video.addEventListener('waiting', () => { if (moves && video.duration - video.currentTime > 0.2) stalls.push(video.currentTime) })
    const over = new Promise((done) => video.addEventListener('ended', done, { once: true }))
    document.querySelector('.player__big').click()
    await new Promise((done) => video.requestVideoFrameCallback(done))
    moves = true
    await over
    return stalls
  })
  assert.deepEqual(stalls, [])
  await visitor.leave()
})

test('61: on a slow line the largest part of the home page stands within 2.5 s', async () => {
  const visitor = await onSlowLine()
  await visitor.open('/')
  await visitor.page.waitForLoadState('networkidle')
  const largest = await visitor.page.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true })
  }))
  assert.ok(largest <= 2500, `${largest} ms`)
  await visitor.leave()
})

// WCAG 1.4.12. Joined letters have no letter spacing: in Arabic only the other three apply.
const SPACING = '* { line-height: 1.5 !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important } [lang=en] * { letter-spacing: 0.12em !important }'

/** What cannot be read any more: text that its box hides. */
const cut = () => [...document.querySelectorAll('body *')].filter((part) => {
  const style = getComputedStyle(part)
  if (!part.innerText?.trim() || part.closest('.vh') || style.visibility === 'hidden' || part.checkVisibility?.() === false) return false
  const hides = (overflow) => overflow === 'hidden' || overflow === 'clip'
  return (hides(style.overflowX) && part.scrollWidth > part.clientWidth + 1) || (hides(style.overflowY) && part.scrollHeight > part.clientHeight + 1)
}).map((part) => part.outerHTML.slice(0, 120))

for (const [name, path] of Object.entries({ home: '/', clip: () => clip, ask: '/ask', help: '/help', search: '/search?q=%D9%87%D9%88%D9%8A%D8%AA%D9%8A', status: '/questions' })) {
  for (const lang of ['ar', 'en']) {
    test(`60: with wide text spacing nothing is cut off: ${name} in ${lang}`, async () => {
      const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
      const address = typeof path === 'function' ? path() : path
      await visitor.open(`${address}${address.includes('?') ? '&' : '?'}lang=${lang}`)
      const before = await visitor.page.evaluate(cut)
      // The policy of our pages takes no style element; a sheet that the reader brings is not the page's.
      await visitor.page.evaluate((css) => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
      }, SPACING)
      assert.deepEqual((await visitor.page.evaluate(cut)).filter((part) => !before.includes(part)), [])
      await visitor.noOverflow(`${name} with wide spacing`, PHONE)
      await visitor.leave()
    })
  }
}
