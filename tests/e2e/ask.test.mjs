// Asking as a deaf person does: into the camera, over a bad line, or in a few written words; nothing recorded is lost, and
// no code leaves the device.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, PHONE, Visitor, openBrowser } from '../support/browser.mjs'
import { record } from '../support/camera.mjs'
import { loadSamples } from '../support/samples.mjs'
import { Server, fixture, until } from '../support/server.mjs'

let server, browser

before(async () => {
  server = await Server.start()
  await loadSamples(server, ['id-lost-report', 'aware-passcode', 'safety-otp'])
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function asking(way = 'record') {
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  await visitor.open(`/ask#${way}`)
  return visitor
}

const button = (visitor, name) => visitor.page.getByRole('button', { name })

test('13: a person records inside the outline, looks at it, records again and sends; code, link and time come back', async () => {
  const visitor = await asking()
  const { page } = visitor
  await button(visitor, 'افتح الكاميرا').click()
  await page.getByText('قف داخل الإطار، ثم ابدأ.').waitFor()
  assert.ok(await page.locator('[data-cam-guide]').isVisible(), 'the outline stands over the camera picture')
  await until('the stage has the shape of the picture', () => page.locator('[data-cam]').evaluate((video) => {
    const { width, height } = video.getBoundingClientRect()
    return Math.abs(width / height - video.videoWidth / video.videoHeight) < 0.02
  }))
  await record(visitor)
  assert.ok(await page.locator('[data-cam-guide]').isHidden(), 'nothing covers the review')
  assert.ok(await page.locator('[data-cam]').evaluate((video) => video.src.startsWith('blob:') && video.controls))
  await visitor.picture('ask-review')
  await button(visitor, 'سجّل من جديد').click()
  await page.getByText('قف داخل الإطار، ثم ابدأ.').waitFor()
  await record(visitor)
  await page.locator('#record').getByText('أريد أن تجيبني امرأة').click()
  await button(visitor, 'أرسل سؤالي').click()
  await page.getByRole('heading', { name: 'وصل سؤالك' }).waitFor({ timeout: 60_000 })
  assert.match(await page.locator('.code__n').innerText(), /^[A-Z0-9]{3}-[A-Z0-9]{4}$/)
  await page.getByRole('img', { name: 'رمز مربع يفتح صفحة سؤالك' }).waitFor()
  await page.getByText(/نجيبك قبل:/).waitFor()
  await visitor.inspect('ask-sent')
  const link = await page.getByRole('link', { name: 'افتح صفحة سؤالك' }).getAttribute('href')
  const own = await fetch(link)
  assert.equal(own.headers.get('cache-control'), 'no-store')
  assert.equal(own.headers.get('referrer-policy'), 'no-referrer')
  assert.equal(own.headers.get('x-robots-tag'), 'noindex')
  await visitor.leave()
})

test('14: an upload goes on by itself after the line was cut', async () => {
  const visitor = await asking()
  const { page, faults } = visitor
  await button(visitor, 'افتح الكاميرا').click()
  await record(visitor)
  let cut = 0
  await page.route('**/api/v1/uploads/*', (route) => {
    if (route.request().method() !== 'PATCH' || cut >= 3) return route.continue()
    cut += 1
    return route.abort('internetdisconnected')
  })
  await button(visitor, 'أرسل سؤالي').click()
  await page.getByText('انقطع الاتصال. نكمل تلقائيًا عند عودته.').waitFor()
  await page.getByRole('heading', { name: 'وصل سؤالك' }).waitFor({ timeout: 90_000 })
  assert.equal(cut, 3)
  assert.deepEqual(faults, [])
  await visitor.leave()
})

test('14: a chosen file goes on from where it stopped after a cut of thirty seconds', async () => {
  const visitor = await asking('upload')
  const { page, context, faults } = visitor
  await page.clock.install()
  const sent = [] // offsets of the pieces that left the device
  let tried = 0
  let line = 'good'
  await page.route('**/api/v1/uploads/*', async (route) => {
    const request = route.request()
    if (line === 'cut') {
      tried += 1
      return route.abort('internetdisconnected')
    }
    const offset = Number(request.headers()['upload-offset'] ?? -1)
    if (request.method() === 'PATCH' && offset > 0 && line === 'good') {
      line = 'cut'
      await context.setOffline(true)
      return route.abort('internetdisconnected')
    }
    if (request.method() === 'PATCH') sent.push(offset)
    return route.continue()
  })
  await page.locator('#video').setInputFiles(fixture('clips/appointment-book.mp4'))
  await button(visitor, 'أرسل المقطع').click()
  await page.getByText('انقطع الاتصال. نكمل تلقائيًا عند عودته.').waitFor()
  // The page's clock, not ours: half a minute of vain attempts.
  for (let second = 0; second < 30; second += 1) await page.clock.runFor(1_000)
  assert.ok(tried >= 2, `${tried} attempts while the line was cut`)
  assert.ok(await page.getByText('انقطع الاتصال. نكمل تلقائيًا عند عودته.').isVisible(), 'it has not given up')
  line = 'mended'
  await context.setOffline(false)
  await page.getByRole('heading', { name: 'وصل سؤالك' }).waitFor({ timeout: 60_000 })
  assert.deepEqual(sent, [0, 1024 * 1024], 'what had arrived was not sent again')
  assert.deepEqual(faults, [])
  await visitor.leave()
})

test('14: a file that is too long is told at once, and nothing of it is sent', async () => {
  const visitor = await asking('upload')
  const { page } = visitor
  const sent = []
  page.on('request', (request) => request.url().includes('/api/v1/upload') && sent.push(request.url()))
  await page.evaluate(() => Object.defineProperty(HTMLMediaElement.prototype, 'duration', { get: () => 125 }))
  await page.locator('#video').setInputFiles(fixture('clips/appointment-book.mp4'))
  await page.getByText('هذا المقطع أطول من ٩٠ ثانية. اختر مقطعًا أقصر.').waitFor()
  await button(visitor, 'أرسل المقطع').click()
  await until('it may choose another', () => button(visitor, 'أرسل المقطع').isEnabled())
  assert.equal(new URL(page.url()).pathname, '/ask')
  assert.deepEqual(sent, [])
  await visitor.leave()
})

test('a recording survives a closed page and is forgotten once it has arrived', async () => {
  const visitor = await asking()
  const { page } = visitor
  await button(visitor, 'افتح الكاميرا').click()
  await record(visitor)
  await visitor.open('/privacy')
  await visitor.open('/ask#record')
  await page.getByText('وجدنا تسجيلك السابق. أرسله، أو سجّل من جديد.').waitFor()
  await button(visitor, 'أرسل سؤالي').click()
  await page.getByRole('heading', { name: 'وصل سؤالك' }).waitFor({ timeout: 60_000 })
  await until('the copy on the device is gone', () => page.evaluate(() => new Promise((done) => {
    const asked = indexedDB.open('ishara', 1)
    asked.onsuccess = () => {
      const reading = asked.result.transaction('recordings').objectStore('recordings').count()
      reading.onsuccess = () => { asked.result.close(); done(reading.result === 0) }
    }
  })))
  await visitor.leave()
})

test('a camera that is refused leads to the other ways', async () => {
  const visitor = await asking()
  await visitor.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await button(visitor, 'افتح الكاميرا').click()
  await visitor.page.getByText('لم تسمح بالكاميرا. اسمح بها، أو ارفع مقطعًا.').waitFor()
  await visitor.leave()
})

test('while writing, "is this your answer?" shows pictures and opens at the sentence', async () => {
  const visitor = await asking('write')
  const { page } = visitor
  await page.getByLabel('ما سؤالك؟').fill('هويتي ضاعت مني وش اسوي')
  const matches = page.getByRole('region', { name: 'هل هذه إجابتك؟' })
  await matches.waitFor()
  const first = matches.getByRole('link').first()
  assert.match(await first.innerText(), /ضاعت هويتي/)
  assert.ok(await first.locator('img').evaluate((picture) => picture.src.includes('/media/')))
  await visitor.inspect('ask-matches')
  await first.click()
  await page.waitForURL(/\/clips\//)
  await visitor.leave()
})

test('48: a one-time code is stopped on the device, with the signed warning; without it the question goes', async () => {
  const visitor = await asking('write')
  const { page } = visitor
  const sent = []
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
  for (const text of ['وصلني الكود 482913 ارسله لهم؟', 'رمز التحقق ٤٨٢٩١٣ لمن اعطيه', 'otp 482 913 what to do']) {
    await page.getByLabel('ما سؤالك؟').fill(text)
    await button(visitor, 'أرسل السؤال').click()
    await page.getByText('لم نرسله. احذف الرمز أولًا', { exact: false }).waitFor()
  }
  assert.ok(new URL(page.url()).pathname === '/ask')
  assert.deepEqual(sent.filter((text) => /482 ?913|٤٨٢٩١٣|%D9%A4%D9%A8/.test(text)), [], 'no request held the code')
  await visitor.inspect('ask-code-stopped')
  await button(visitor, 'احذف الأرقام من سؤالي').click()
  assert.ok(await page.locator('[data-secret]').isHidden())
  await button(visitor, 'أرسل السؤال').click()
  await page.getByRole('heading', { name: 'وصل سؤالك' }).waitFor()
  await visitor.leave()
})

test('48: what only sounds like a code is not stopped; who knows better sends it anyway', async () => {
  const visitor = await asking('write')
  const { page } = visitor
  const stopped = (texts) => page.evaluate(async (all) => {
    const { holdsSecret } = await import('/assets/js/identifiers.js')
    return all.filter(holdsSecret)
  }, texts)
  const harmless = ['الرمز البريدي 12345', 'باركود 123456', 'اسمي رمزي مواليد 1990', 'كود الخصم 2024', 'رمز المنتج 123456', 'رقم الطلب 123456',
    'موعدي 12-5-2024 وما وصل الرمز', 'جوالي 0555123456 والكود ما وصل', 'postal code 12345']
  assert.deepEqual(await stopped(harmless), [])
  const codes = ['الكود 4821', 'رمزي 4821', 'الرقم السري 1234', 'كلمة المرور 12345', 'هذا 482913 رمز التحقق', 'هويتي 1098765432 والكود 4821', 'my otp is 993311']
  assert.deepEqual(await stopped(codes), codes)
  await page.getByLabel('ما سؤالك؟').fill('الرمز 12345 مكتوب على باب المكتب، ما معناه؟')
  await button(visitor, 'أرسل السؤال').click()
  await button(visitor, 'هذا ليس رمزًا. أرسل سؤالي').click()
  await page.getByRole('heading', { name: 'وصل سؤالك' }).waitFor()
  await visitor.leave()
})

test('47: an identifier is warned of and not sent for matching', async () => {
  const visitor = await asking('write')
  const { page } = visitor
  const asked = []
  page.on('request', (request) => request.url().includes('/match') && asked.push(request.postData()))
  await page.getByLabel('ما سؤالك؟').fill('هويتي ١٠٩٨٧٦٥٤٣٢ ضاعت وش اسوي')
  await page.getByText('في سؤالك رقم شخصي').waitFor()
  assert.deepEqual(asked, [])
  await visitor.leave()
})

test('15: the short code shows the status and nothing else', async () => {
  const { code } = await (await fetch(`${server.base}/api/v1/questions`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: 'هويتي ضاعت وانا في جده' }),
  })).json()
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  await visitor.open('/questions')
  await visitor.page.getByLabel('رمز السؤال').fill(code.toLowerCase().replace('-', ''))
  await button(visitor, 'اعرض الحالة').click()
  await visitor.page.getByRole('heading', { name: 'أين وصل سؤالك؟' }).waitFor()
  assert.ok(!(await visitor.page.content()).includes('جده'), 'no word of the question')
  await visitor.inspect('status')
  await visitor.leave()
})

test('the asker adds words to an open question', async () => {
  const { url } = await (await fetch(`${server.base}/api/v1/questions`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: 'أين أقرب مكتب؟' }),
  })).json()
  const visitor = await Visitor.arrive(browser, server, { viewport: PHONE })
  await visitor.open(new URL(url, server.base).pathname)
  await visitor.page.getByText('أضف إلى سؤالك').click()
  await visitor.page.getByLabel('ماذا تريد أن تضيف؟').fill('أنا في جدة')
  await button(visitor, 'أضف').click()
  await visitor.page.getByText('أنا في جدة').waitFor()
  await visitor.inspect('asker-added')
  await visitor.leave()
})
