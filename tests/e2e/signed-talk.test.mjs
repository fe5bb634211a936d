// A case that goes on in sign: the agent signs a reply for one person, a colleague watches it before it goes out, and the
// asker signs what is still unclear.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, PHONE, Visitor, openBrowser, signIn } from '../support/browser.mjs'
import { record } from '../support/camera.mjs'
import { Server, fixture, until } from '../support/server.mjs'

const QUESTION = 'طلبي تأخر شهرين وانا محتاجه'

let server, browser, desk, supervisor, asker, mine

before(async () => {
  server = await Server.start()
  browser = await openBrowser()
  const people = [await server.person('agent'), await server.person('supervisor')]
  desk = await Visitor.arrive(browser, server, { viewport: DESK })
  supervisor = await Visitor.arrive(browser, server, { viewport: DESK })
  await signIn(desk, people[0])
  await signIn(supervisor, people[1])
  const { url } = await (await fetch(`${server.base}/api/v1/questions`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: QUESTION }),
  })).json()
  mine = new URL(url, server.base).pathname
  asker = await Visitor.arrive(browser, server, { viewport: PHONE })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const remembered = (visitor) => visitor.page.evaluate(() => new Promise((done) => {
  const asked = indexedDB.open('ishara', 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore('recordings')
  asked.onsuccess = () => {
    const reading = asked.result.transaction('recordings').objectStore('recordings').count()
    reading.onsuccess = () => { asked.result.close(); done(reading.result) }
  }
}))

test('the agent records a reply for this asker alone and sends it for approval', async () => {
  const { page } = desk
  await until('the question is matched', async () => {
    await desk.open('/desk')
    return page.getByText('طلبي تأخر').first().isVisible()
  })
  await page.getByRole('link', { name: /طلبي تأخر/ }).first().click()
  await page.getByRole('button', { name: 'استلم السؤال' }).click()
  await page.getByText('ردّ بالإشارة لصاحب السؤال').first().click()
  await page.getByRole('button', { name: 'افتح الكاميرا' }).click()
  await record(desk)
  await page.getByRole('button', { name: 'أرسل الردّ', exact: true }).click()
  await page.getByText('عندك تسجيل لم تستخدمه.', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'استخدم هذا التسجيل' }).click()
  await page.getByText('وصل المقطع. أرسل الردّ ليُرفق به.').first().waitFor({ timeout: 60_000 })
  await desk.inspect('desk-signed-reply')
  await page.getByRole('button', { name: 'أرسل الردّ', exact: true }).click()
  await page.getByText('الردّ ينتظر اعتماد الإدارة').waitFor()
  await until('the copy on the device is gone', async () => (await remembered(desk)) === 0)
  desk.nothingWrong()
})

test('a colleague watches it and agrees', async () => {
  const { page } = supervisor
  await until('the video can be watched', async () => {
    await supervisor.open('/desk/approvals')
    return page.locator('video').first().isVisible()
  })
  const video = page.locator('video').first()
  await video.evaluate((one) => one.play())
  await until('it plays', () => video.evaluate((one) => one.currentTime > 0.3))
  await supervisor.inspect('approvals-signed')
  await page.getByRole('button', { name: 'اعتمد وأرسل' }).first().click()
  await page.getByText('اعتمدت الردّ').first().waitFor()
  supervisor.nothingWrong()
})

test('it reaches the asker with every control of the player, and nobody else', async () => {
  const { page } = asker
  await until('the reply is there', async () => {
    await asker.open(mine)
    return page.locator('#own video').isVisible()
  })
  await page.getByRole('button', { name: 'شاهد الإجابة' }).first().click()
  await until('the reply plays', () => page.locator('#own video').evaluate((video) => video.currentTime > 0.3))
  await asker.inspect('asker-own-reply')
  const address = new URL(await page.locator('#own video').evaluate((video) => video.currentSrc))
  const without = await fetch(`${server.base}${address.pathname}`)
  assert.equal(without.status, 404, 'the address alone opens nothing')
  asker.nothingWrong()
})

test('she did not understand, and says in sign what is unclear', async () => {
  const { page } = asker
  await page.getByRole('button', { name: 'لم أفهم', exact: true }).click()
  await page.getByText('فتحنا سؤالك من جديد').first().waitFor()
  await page.getByText('أضف بالإشارة').click()
  await page.getByRole('button', { name: 'افتح الكاميرا' }).click()
  await record(asker)
  await asker.inspect('asker-signs')
  await page.getByRole('button', { name: 'أرسل التسجيل' }).click()
  await page.getByText('أنت: بالإشارة').waitFor({ timeout: 60_000 })
  await until('the copy on the device is gone', async () => (await remembered(asker)) === 0)
  asker.nothingWrong()
})

test('the desk watches what she signed, and asks back; she answers with a file and without script', async () => {
  const { page } = desk
  await until('the message can be watched', async () => {
    await desk.open('/desk')
    await page.getByRole('link', { name: /طلبي تأخر/ }).first().click()
    return page.getByLabel('إضافة من صاحب السؤال بالإشارة').isVisible()
  })
  await desk.inspect('desk-signed-message')
  await page.getByRole('button', { name: /استلم السؤال/ }).click()
  await page.getByText(/اسأل صاحب السؤال/).first().click()
  await page.getByLabel('ما الذي تحتاج أن تعرفه؟').fill('في أي مدينة قدّمت الطلب؟')
  await page.getByRole('button', { name: 'أرسل إليه' }).click()
  const plain = await Visitor.arrive(browser, server, { viewport: PHONE, script: false })
  await plain.open(mine)
  await plain.page.getByText('أجب بالإشارة').click()
  await plain.page.getByLabel('أو ارفع مقطعًا من جوّالك').setInputFiles(fixture('clips/safety-otp.mp4'))
  await plain.page.getByRole('button', { name: 'أرسل المقطع' }).click()
  await plain.page.getByText('أنت: بالإشارة').nth(1).waitFor({ timeout: 60_000 })
  await plain.leave()
  desk.nothingWrong()
})
