// The whole story in a browser: a producer's clip becomes a public answer, is found by a word of its captions, and
// answers the question of a deaf citizen. One server, five people, each with her own session.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, PHONE, Visitor, openBrowser, signIn } from '../support/browser.mjs'
import { Server, fixture, until } from '../support/server.mjs'

const TITLE = 'ضاعت هويتي، ماذا أفعل؟'
const SUMMARY = 'أبلغ عن الفقدان في أبشر فورًا، واحفظ رقم البلاغ.'
const CUES = [
  { start: '00:00.300', end: '00:02.900', text: 'ضاعت هويتك؟ أبلغ عنها فورًا.' },
  { start: '00:03.000', end: '00:06.400', text: 'ادخل إلى أبشر، واختر البلاغ.' },
  { start: '00:06.500', end: '00:10.300', text: 'احتفظ برقم البلاغ في مكان آمن.' },
]
const WORD = 'احتفظ'
const WORD_SECONDS = 6.5
const QUESTION = 'السلام عليكم هويتي ضاعت مني وش اسوي'

let server, browser
const people = {}
const remarks = []

/** Looks at the page without stopping the story; the last test tells what was found. */
const look = (who, name) => people[who].inspect(name).catch((error) => remarks.push(error.message))

before(async () => {
  server = await Server.start()
  browser = await openBrowser()
  const accounts = {
    producer: await server.person('producer'),
    linguistic: await server.person('linguistic_reviewer'),
    department: await server.person('department_reviewer', { department: 'documents' }),
    agent: await server.person('agent'),
  }
  for (const [name, account] of Object.entries(accounts)) {
    people[name] = await Visitor.arrive(browser, server, { viewport: DESK })
    await signIn(people[name], account)
  }
  people.citizen = await Visitor.arrive(browser, server, { viewport: PHONE })
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

let editor, publicPage, askerPage

/** One step of the story. When it fails, a picture of everybody's page is kept. */
function step(name, deed) {
  test(name, async () => {
    try {
      await deed()
    } catch (error) {
      for (const [who, visitor] of Object.entries(people)) await visitor.picture(`failed-${who}`).catch(() => {})
      throw error
    }
  })
}

step('a producer uploads a clip and watches it being processed until it is ready', async () => {
  const { page } = people.producer
  await people.producer.open('/studio/upload')
  await look('producer', 'studio-upload')
  await page.getByLabel('العنوان', { exact: true }).fill(TITLE)
  await page.getByLabel('الخدمة', { exact: true }).selectOption({ label: 'الإبلاغ عن وثيقة مفقودة' })
  await page.getByLabel('ملف المقطع أو الصورة').setInputFiles(fixture('clips/id-lost-report.mp4'))
  await page.getByRole('button', { name: 'ارفع المقطع' }).click()
  await page.waitForURL(/\/studio\/clips\//, { timeout: 60_000 })
  editor = new URL(page.url()).pathname
  await page.getByText(/انتهت المعالجة|^جاهز$/).first().waitFor({ timeout: 120_000 })
  await people.producer.open(editor)
  await page.locator('video').first().waitFor()
  await page.getByText('اقبله مع السبب').first().click()
  await page.getByLabel('لماذا لا يضر هذا؟').first().fill('صُوّر بجوّال قديم، والإشارة واضحة.')
  await page.getByRole('button', { name: 'اقبل التنبيه' }).first().click()
  await page.getByText('قُبل التنبيه مع سببه.').waitFor()
  await page.getByText('صُوّر بجوّال قديم، والإشارة واضحة.').waitFor()
  people.producer.nothingWrong()
})

step('she writes the Arabic captions and sends the clip to review', async () => {
  const { page } = people.producer
  for (const [at, cue] of CUES.entries()) {
    await page.locator('video').first().evaluate((video, seconds) => (video.currentTime = seconds), Number(cue.start.slice(3)))
    await page.getByRole('button', { name: 'أضف سطرًا عند موضع المشاهدة' }).click()
    await page.getByLabel(/بداية السطر/).nth(at).fill(cue.start)
    await page.getByLabel(/نهاية السطر/).nth(at).fill(cue.end)
    await page.getByLabel(/نص السطر/).nth(at).fill(cue.text)
  }
  await page.getByRole('button', { name: 'احفظ التعليق' }).click()
  await page.getByText('حُفظ التعليق.').waitFor()
  await look('producer', 'studio-editor')
  await page.getByLabel('الجواب في ثلاث جمل').fill(SUMMARY)
  await page.getByRole('button', { name: 'احفظ', exact: true }).click()
  await page.getByText('حُفظت النصوص.').waitFor()
  await page.getByRole('button', { name: 'أرسل إلى المراجعة' }).click()
  await page.getByText('في المراجعة').first().waitFor()
  people.producer.nothingWrong()
})

step('two reviewers, each in her own session, approve what they see', async () => {
  for (const [name, button] of [['linguistic', 'الإشارة واضحة'], ['department', 'المعلومة صحيحة']]) {
    const { page } = people[name]
    await people[name].open(editor)
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByText('سجّلنا اعتمادك.').waitFor()
    people[name].nothingWrong()
  }
})

step('the producer publishes it, and the public gallery shows it', async () => {
  const { page } = people.producer
  await people.producer.open(editor)
  await page.getByRole('button', { name: 'انشر', exact: true }).click()
  await page.getByText('نُشر المقطع.').waitFor()
  const visitor = people.citizen
  await until('the gallery shows the clip', async () => {
    await visitor.open('/')
    return visitor.page.getByRole('link', { name: TITLE }).first().isVisible()
  })
  await look('citizen', 'gallery')
})

step('a citizen finds it by a word of its captions and lands on that moment', async () => {
  const { page } = people.citizen
  await people.citizen.open('/')
  await page.getByRole('searchbox').first().fill(WORD)
  await page.getByRole('searchbox').first().press('Enter')
  await page.waitForURL(/\/search/)
  await look('citizen', 'search')
  await page.locator('main').getByRole('link', { name: 'شاهد من هذه الجملة' }).first().click()
  await page.waitForURL(/\/clips\/.*[?&]t=/)
  publicPage = new URL(page.url()).pathname
  const seconds = await until('the player stands at the moment', () =>
    page.locator('video').first().evaluate((video) => video.readyState >= 1 && video.currentTime > 0 && video.currentTime))
  assert.ok(Math.abs(seconds - WORD_SECONDS) <= 0.5, `the player stands at ${seconds} s`)
  await page.getByText(CUES[2].text).first().waitFor()
  await look('citizen', 'clip')
})

step('the clip plays, and its captions follow under the picture', async () => {
  const { page } = people.citizen
  await people.citizen.open(`${publicPage}?t=${WORD_SECONDS}`)
  await page.getByRole('button', { name: /شاهد الإجابة|تشغيل/ }).first().click()
  await until('the picture moves', () => page.locator('video').first().evaluate((video) => !video.paused && video.currentTime > 7))
  people.citizen.nothingWrong()
})

step('a citizen asks in dialect and gets a page of her own', async () => {
  const { page } = people.citizen
  await people.citizen.open('/ask')
  await look('citizen', 'ask')
  await page.getByRole('navigation', { name: 'طريقة السؤال' }).getByRole('link', { name: 'اكتب سؤالك' }).click()
  await page.getByLabel('ما سؤالك؟').fill(QUESTION)
  await page.getByRole('button', { name: /أرسل السؤال/ }).click()
  await look('citizen', 'ask-sent')
  await page.getByRole('link', { name: 'افتح صفحة سؤالك' }).click()
  await page.waitForURL(/\/questions\//)
  askerPage = page.url()
  assert.ok(!askerPage.includes(encodeURIComponent('هويتي')), 'no word of the question in its address')
  await look('citizen', 'asker-waiting')
})

step('the agent claims the question, takes the suggested answer and sends it', async () => {
  const { page } = people.agent
  await until('the question is matched', async () => {
    await people.agent.open('/desk')
    return page.getByText('هويتي ضاعت').first().isVisible()
  })
  await look('agent', 'desk-queue')
  await page.getByRole('link', { name: /هويتي ضاعت/ }).first().click()
  await page.getByRole('button', { name: 'استلم السؤال' }).click()
  await page.getByRole('heading', { name: 'إجابات مقترحة' }).waitFor()
  await page.getByRole('button', { name: /استعملها/ }).first().click()
  await look('agent', 'desk-question')
  await page.getByRole('button', { name: 'أرسل الردّ', exact: true }).click()
  await page.getByText('أُرسل الردّ').first().waitFor()
  people.agent.nothingWrong()
})

step("the asker's page shows the signed reply, plays it, and takes her word that she understood", async () => {
  const { page } = people.citizen
  await until('the reply is there', async () => {
    await page.goto(askerPage)
    return page.locator('video').first().isVisible()
  })
  await page.getByRole('button', { name: /شاهد الإجابة|تشغيل/ }).first().click()
  await until('the reply plays', () => page.locator('video').first().evaluate((video) => video.currentTime > 0.5))
  await look('citizen', 'asker-reply')
  await page.getByRole('button', { name: 'فهمت', exact: true }).click()
  await page.getByText(/شكرًا/).first().waitFor()
  people.citizen.nothingWrong()
})

test('every page that the story passed through is accessible and narrow enough', () => {
  assert.deepEqual(remarks, [])
})
