// Chromium as our visitors use it, with everything watched that a page must never do.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import { root } from './server.mjs'

const pictures = join(root, 'tests', 'artifacts')
export const PHONE = { width: 360, height: 780 }
export const DESK = { width: 1280, height: 900 }
const NARROWEST = { width: 320, height: 700 }

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // As root (in CI) Chromium has no sandbox of its own; the fake camera stands in for a phone's.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  })
}

/** One person at one device: own cookies, and a list of what went wrong in her pages. */
export class Visitor {
  static async arrive(browser, server, { viewport = DESK, script = true } = {}) {
    const visitor = new Visitor()
    visitor.server = server
    visitor.faults = []
    visitor.context = await browser.newContext({ baseURL: server.base, viewport, javaScriptEnabled: script, locale: 'ar-SA', timezoneId: 'Asia/Riyadh' })
    visitor.page = await visitor.context.newPage()
    visitor.page.setDefaultTimeout(20_000)
    visitor.watch()
    return visitor
  }

  watch() {
    const { page, faults, server } = this
    page.on('pageerror', (error) => faults.push(`script error on ${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      if (/Content Security Policy|violates the following/.test(message.text())) faults.push(`${page.url()}: ${message.text()}`)
    })
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(server.base) && !/^(data|blob|about):/.test(url)) faults.push(`request to a third party: ${url}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`)
    })
  }

  async open(path) {
    const response = await this.page.goto(path)
    assert.ok(response.status() < 400, `${path} answers ${response.status()}`)
  }

  /** axe at both widths, no sideways scrolling down to 320 px, a picture of each. `name` names the pictures. */
  async inspect(name, { widths = [PHONE, DESK] } = {}) {
    const { page } = this
    const before = page.viewportSize()
    for (const size of widths) {
      await page.setViewportSize(size)
      await this.noOverflow(name, size)
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
      await this.picture(`${name}-${size.width}`)
      const told = violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join('\n    ')}`)
      assert.deepEqual(told, [], `${name} at ${size.width} px: axe`)
    }
    await page.setViewportSize(NARROWEST)
    await this.noOverflow(name, NARROWEST)
    await page.setViewportSize(before)
    this.nothingWrong()
  }

  async noOverflow(name, { width }) {
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= width, `${name}: ${wide} px wide on a screen of ${width} px`)
  }

  async picture(name) {
    mkdirSync(pictures, { recursive: true })
    await this.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
  }

  nothingWrong() {
    assert.deepEqual(this.faults, [])
  }

  leave() {
    return this.context.close()
  }
}

/** Sign in on the login page; ends on the page that the role starts from. */
export async function signIn(visitor, person) {
  const { page } = visitor
  await visitor.open('/login')
  await page.getByLabel('البريد الإلكتروني').fill(person.email)
  await page.getByLabel('كلمة المرور').fill(person.password)
  await page.getByRole('button', { name: /ادخل|دخول/ }).click()
  await page.waitForURL((url) => url.pathname !== '/login')
}
