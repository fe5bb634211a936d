// Every page, in Arabic and English, by every kind of person: accessible, narrow enough, nothing from third parties,
// nothing against the policy. A picture of each is kept in tests/artifacts.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, Visitor, openBrowser, signIn } from '../support/browser.mjs'
import { loadSamples } from '../support/samples.mjs'
import { Server, until } from '../support/server.mjs'

let server, browser, slugOf

before(async () => {
  server = await Server.start()
  await loadSamples(server, ['id-lost-report', 'aware-passcode', 'graphic-passcode', 'ash-remote', 'id-delivery'])
  browser = await openBrowser()
  slugOf = await until('the samples are in the index', async () => {
    const { hits } = await (await fetch(`${server.base}/api/v1/search?q=${encodeURIComponent('هويتي')}`)).json()
    return hits[0]?.clip.slug
  })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const PUBLIC = {
  home: '/',
  service: '/services/id.lost.report',
  'search-hits': '/search?q=%D9%87%D9%88%D9%8A%D8%AA%D9%8A',
  'search-none': '/search?q=%D8%B7%D8%A7%D8%A6%D8%B1%D8%A9',
  'clip-page': () => `/clips/${slugOf}`,
  'ask-form': '/ask',
  help: '/help',
  privacy: '/privacy',
  login: '/login',
}

for (const [name, path] of Object.entries(PUBLIC)) {
  test(`public page: ${name}`, async () => {
    const visitor = await Visitor.arrive(browser, server)
    await visitor.open(typeof path === 'function' ? path() : path)
    assert.equal(await visitor.page.locator('html').getAttribute('dir'), 'rtl')
    await visitor.inspect(name)
    await visitor.leave()
  })
}

test('the English home reads from left to right and says so', async () => {
  const visitor = await Visitor.arrive(browser, server)
  await visitor.open('/?lang=en')
  assert.equal(await visitor.page.locator('html').getAttribute('lang'), 'en')
  assert.equal(await visitor.page.locator('html').getAttribute('dir'), 'ltr')
  await visitor.inspect('home-en')
  await visitor.leave()
})

test('a page that does not exist says so in words and leads back', async () => {
  const visitor = await Visitor.arrive(browser, server)
  const response = await visitor.page.goto('/clips/no-such-clip')
  assert.equal(response.status(), 404)
  await visitor.inspect('not-found')
  await visitor.leave()
})

test('the first view of the home page is at most 300 KB', async () => {
  const visitor = await Visitor.arrive(browser, server)
  let bytes = 0
  const seen = []
  visitor.page.on('requestfinished', async (request) => {
    const { responseBodySize, responseHeadersSize } = await request.sizes()
    bytes += responseBodySize + responseHeadersSize
    seen.push(`${responseBodySize} ${request.url()}`)
  })
  const response = await visitor.page.goto('/', { waitUntil: 'networkidle' })
  assert.equal(response.status(), 200)
  assert.ok(bytes > 0 && bytes <= 300 * 1024, `${bytes} bytes:\n${seen.join('\n')}`)
  await visitor.leave()
})

const STAFF = {
  administrator: {
    account: '/account',
    'admin-accounts': '/admin/accounts',
    'admin-account-new': '/admin/accounts/new',
    'admin-departments': '/admin/departments',
    'admin-department-new': '/admin/departments/new',
    'admin-services': '/admin/services',
    'admin-signers': '/admin/signers',
    jobs: '/jobs',
  },
  auditor: { audit: '/audit' },
  producer: { studio: '/studio', 'studio-new': '/studio/upload' },
  agent: { desk: '/desk' },
}

for (const [role, pages] of Object.entries(STAFF)) {
  test(`pages of the ${role}: ${Object.keys(pages).join(', ')}`, async (t) => {
    const visitor = await Visitor.arrive(browser, server)
    await signIn(visitor, await server.person(role))
    for (const [name, path] of Object.entries(pages)) {
      await t.test(name, async () => {
        await visitor.open(path)
        await visitor.inspect(name)
      })
    }
    await visitor.leave()
  })
}

test('nobody without an account sees a staff page', async () => {
  const visitor = await Visitor.arrive(browser, server)
  for (const path of Object.values(STAFF).flatMap((pages) => Object.values(pages))) {
    const answer = await visitor.context.request.get(path, { maxRedirects: 0 })
    assert.ok([302, 303, 401, 403].includes(answer.status()), `${path} answers ${answer.status()}`)
  }
  await visitor.leave()
})

for (const look of ['dark', 'contrast']) {
  test(`public pages in other colours: ${look}`, async () => {
    const visitor = await Visitor.arrive(browser, server)
    await visitor.context.addCookies([{ name: 'theme', value: look, url: server.base }])
    for (const [name, path] of Object.entries({ ...PUBLIC, saved: '/saved', status: '/questions' })) {
      await visitor.open(typeof path === 'function' ? path() : path)
      assert.equal(await visitor.page.locator('html').getAttribute('data-theme'), look)
      await visitor.inspect(`${name}-${look}`, { widths: [DESK] })
    }
    await visitor.leave()
  })
}

/** Presses Tab until the focus is on what `wanted` names; every stop on the way can be seen. */
async function tabTo(page, wanted) {
  for (let stop = 0; stop < 80; stop += 1) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const one = document.activeElement, box = one.getBoundingClientRect()
      // A field in a box of its own has the ring around the box.
      const looks = [getComputedStyle(one), getComputedStyle(one, '::after'), getComputedStyle(one.parentElement)]
      const ring = looks.some((look) => look.outlineStyle !== 'none' || look.boxShadow !== 'none')
      const on = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      return { what: one.outerHTML.slice(0, 120), ring, covered: Boolean(on) && !one.contains(on) && !on.contains(one) }
    })
    assert.ok(here.ring, `no focus ring: ${here.what}`)
    assert.ok(!here.covered, `covered while it has the focus: ${here.what}`)
    if (await page.locator(`:focus:is(${wanted})`).count()) return
  }
  assert.fail(`the Tab key does not reach ${wanted} on ${page.url()}`)
}

test('2.1.1, 2.4.7, 2.4.11: with the keyboard alone one finds, watches and asks', async () => {
  const visitor = await Visitor.arrive(browser, server)
  const { page } = visitor
  const tabToHit = () => tabTo(page, 'main a[href^="/clips/"]')
  await visitor.open('/')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#main', 'first the way past the bar')
  await page.keyboard.press('Enter')
  await tabTo(page, 'input[name=q]')
  await page.keyboard.type('ضاعت هويتي')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/search\?q=/)
  await tabToHit()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/clips\//)
  await tabTo(page, '.player [data-act=play], .player button')
  await page.keyboard.press('k')
  await until('it plays', () => page.locator('.player video').evaluate((video) => video.currentTime > 0))
  await visitor.open('/ask#write')
  await tabTo(page, 'textarea[name=text]')
  await page.keyboard.type('كيف أعرف موعد استلام الوثيقة؟')
  await tabTo(page, 'form[action="/ask"] button[type=submit]')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'وصل سؤالك' }).waitFor()
  visitor.nothingWrong()
  await visitor.leave()
})
