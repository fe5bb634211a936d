// What a phone loads before the visitor does anything: node first_view.mjs BASE '{"home": "/"}'. Prints JSON:
// bytes on the wire, bytes of our scripts, the largest poster, requests to other hosts.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const tests = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'tests', 'package.json')
const { chromium } = createRequire(tests)('playwright-core')
const [base, pages] = [process.argv[2], JSON.parse(process.argv[3])]
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] })
const found = {}
for (const [name, path] of Object.entries(pages)) {
  // A fresh visitor each time: nothing is in a cache.
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true })
  const page = await context.newPage()
  const seen = (found[name] = { bytes: 0, script: 0, poster: 0, foreign: 0 })
  const sizes = []
  page.on('requestfinished', (request) => sizes.push(request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
    const url = request.url(), whole = responseBodySize + responseHeadersSize
    if (/^(data|blob):/.test(url)) return
    seen.bytes += whole
    if (!url.startsWith(base)) seen.foreign += 1
    if (request.resourceType() === 'script') seen.script += responseBodySize
    if (request.resourceType() === 'image' && url.includes('/media/')) seen.poster = Math.max(seen.poster, responseBodySize)
  }).catch(() => {})))
  await page.goto(base + path, { waitUntil: 'networkidle' })
  await Promise.all(sizes)
  await context.close()
}
await browser.close()
console.log(JSON.stringify(found))
