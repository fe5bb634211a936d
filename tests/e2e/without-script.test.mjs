// Without JavaScript a person still browses, watches and asks.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PHONE, Visitor, openBrowser } from '../support/browser.mjs'
import { loadSamples } from '../support/samples.mjs'
import { Server, fixture, until } from '../support/server.mjs'

let server, browser, visitor

before(async () => {
  server = await Server.start()
  await loadSamples(server, ['id-lost-report', 'aware-passcode'])
  browser = await openBrowser()
  visitor = await Visitor.arrive(browser, server, { viewport: PHONE, script: false })
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('browse: home, a service, a clip with its video, captions track and transcript', async () => {
  const { page } = visitor
  await visitor.open('/')
  await visitor.open('/services/id.lost.report')
  await page.getByRole('link', { name: 'ضاعت هويتي، ماذا أفعل؟' }).first().click()
  await page.waitForURL(/\/clips\//)
  const video = page.locator('video').first()
  assert.ok((await video.getAttribute('controls')) !== null, 'the native controls are there')
  const source = await video.locator('source').first().getAttribute('src')
  const part = await fetch(new URL(source, server.base), { headers: { range: 'bytes=0-99' } })
  assert.equal(part.status, 206)
  const track = await fetch(new URL(await video.locator('track').first().getAttribute('src'), server.base))
  assert.match(await track.text(), /^WEBVTT[\s\S]*ضاعت هويتك/)
  await page.getByText('البلاغ المبكر يحميك من استخدام هويتك.').first().waitFor()
})

test('search: the plain form finds by a word of the captions', async () => {
  const { page } = visitor
  await visitor.open('/')
  await page.getByRole('searchbox').first().fill('البلاغ')
  await page.getByRole('searchbox').first().press('Enter')
  await page.waitForURL(/\/search/)
  await page.getByRole('heading', { name: 'ضاعت هويتي، ماذا أفعل؟' }).first().waitFor()
})

test('ask: an empty question is explained, a written one gets a page of its own', async () => {
  const { page } = visitor
  await visitor.open('/ask')
  await page.getByRole('button', { name: /أرسل السؤال/ }).click()
  await page.getByRole('link', { name: /اكتب سؤالك/ }).first().waitFor()
  await page.getByLabel('ما سؤالك؟').fill('بطاقتي راحت كيف اسوي بلاغ')
  await page.getByRole('button', { name: /أرسل السؤال/ }).click()
  await page.getByRole('link', { name: 'افتح صفحة سؤالك' }).click()
  await page.waitForURL(/\/questions\//)
  visitor.nothingWrong()
})

test('a file that is no video: the asker is told, and sends it again in the same case', async () => {
  const { page } = visitor
  await visitor.open('/ask')
  await page.locator('form[action="/ask/video"] input[type=file]').setInputFiles({ name: 'question.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no video at all') })
  await page.locator('form[action="/ask/video"]').getByRole('button', { name: /أرسل/ }).click()
  await page.getByRole('link', { name: 'افتح صفحة سؤالك' }).click()
  await page.waitForURL(/\/questions\//)
  await until('the page tells it', async () => {
    await page.reload()
    return page.getByRole('heading', { name: 'لم نعرف نوع هذا الملف' }).isVisible()
  })
  await visitor.picture('asker-video-lost')
  await page.getByText('سجّل سؤالك من جديد').click()
  const again = page.locator('form[data-upload-form]')
  await again.locator('input[type=file]').setInputFiles(fixture('clips/id-lost-report.mp4'))
  await again.getByRole('button', { name: /أرسل/ }).click()
  await page.getByRole('heading', { name: 'سؤالك عندنا' }).waitFor()
  visitor.nothingWrong()
})
