// Arabic as it must look: mixed runs, both calendars, the digits that a reader chose (requirements 56-59).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DESK, Visitor, openBrowser } from '../support/browser.mjs'
import { loadSamples } from '../support/samples.mjs'
import { Server } from '../support/server.mjs'

let server, browser

before(async () => {
  server = await Server.start()
  await loadSamples(server, ['id-lost-report', 'aware-passcode'])
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

// A text, and its letters from left to right where it stands in a title. Digits and Latin words keep their own direction.
const GOLDEN = [
  ['جدّد هويتك في أبشر.', 'rtl', '.'],
  ['استخدم تطبيق Absher الآن.', 'rtl', '.'],
  ['هل وصلك رمز OTP؟', 'rtl', '؟'],
  ['الرسوم (100 ريال) تُدفع في Absher.', 'rtl', '.'],
  ['رقم البلاغ: A-123، احفظه!', 'rtl', '!'],
  ['من ٨:٠٠ إلى ١٤:٣٠ (الأحد - الخميس).', 'rtl', '.'],
  ['«أبشر» أم "Absher"؟', 'rtl', '؟'],
  ['٥٠٪ من الطلبات عبر www.absher.sa؟', 'rtl', '؟'],
  ['Absher: how to renew your ID?', 'ltr', '?'],
  ['ID 2026/11/22 (هجري ١٤٤٨).', 'ltr', '.'],
]

test('58: punctuation stands at the end of its sentence in ten mixed titles', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  await visitor.open('/services/id.lost.report')
  for (const [text, direction, last] of GOLDEN) {
    const seen = await visitor.page.locator('.card__t').first().evaluate((title, words) => {
      const link = title.querySelector('a')
      link.textContent = words
      const node = link.firstChild, box = (at) => {
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + 1)
        return range.getBoundingClientRect()
      }
      title.style.whiteSpace = 'nowrap'
      const boxes = [...words].map((letter, at) => box(at)).filter(({ width }) => width > 0)
      const end = box(words.length - 1)
      return { left: end.left <= Math.min(...boxes.map((one) => one.left)) + 1, right: end.right >= Math.max(...boxes.map((one) => one.right)) - 1 }
    }, text)
    assert.ok(text.endsWith(last))
    assert.ok(direction === 'rtl' ? seen.left : seen.right, `«${text}» ends on its ${direction === 'rtl' ? 'left' : 'right'}: ${JSON.stringify(seen)}`)
  }
  await visitor.leave()
})

test('57: dates are Hijri first and Gregorian second; the digits are the reader\'s choice on every page', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  const { page } = visitor
  await visitor.open('/services/id.lost.report')
  const date = page.locator('.card time').first()
  assert.match(await date.innerText(), /^[^\d]*[٠-٩]+ \S.*[٠-٩]{4} هـ\s+[٠-٩]+ \S+ [٠-٩]{4} م$/)
  await page.locator('details.view summary').click()
  await page.getByText('لاتينية (012)').click()
  await page.waitForURL('**/services/id.lost.report')
  await page.waitForFunction(() => document.documentElement.dataset.digits === 'latn')
  assert.match(await date.innerText(), /^[^٠-٩]*\d+ \S.*\d{4} هـ\s+\d+ \S+ \d{4} م$/)
  for (const path of ['/', '/ask', '/search?q=%D9%87%D9%88%D9%8A%D8%A9', '/privacy']) {
    await visitor.open(path)
    assert.doesNotMatch(await page.locator('main').innerText(), /[٠-٩]/, path)
  }
  await page.getByRole('link', { name: 'إشارة' }).first().click()
  await visitor.inspect('digits-latin', { widths: [DESK] })
  await visitor.leave()
})

test('56: arrows along the reading direction turn with it, pictures of media do not', async () => {
  const visitor = await Visitor.arrive(browser, server, { viewport: DESK })
  const { page } = visitor
  const turned = async (path, selector) => {
    await visitor.open(path)
    return page.locator(selector).first().evaluate((one) => getComputedStyle(one).transform)
  }
  const chevron = '.backlink .ic--way'
  assert.notEqual(await turned('/services/id.lost.report?lang=ar', chevron), await turned('/services/id.lost.report?lang=en', chevron))
  const play = '.tile .playstrip .ic'
  assert.equal(await turned('/?lang=ar', play), await turned('/?lang=en', play))
  await visitor.leave()
})
