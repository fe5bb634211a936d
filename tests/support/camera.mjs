// Recording in the page, as a person does it; Chromium's own moving picture stands in for the camera.
import assert from 'node:assert/strict'
import { until } from './server.mjs'

/** With the camera open: waits for the countdown and signs for about a second and a half. */
export async function record({ page }) {
  const said = page.locator('[data-cam-state]')
  await page.getByRole('button', { name: 'ابدأ التسجيل' }).click()
  const counted = new Set()
  await until('the countdown ends', async () => {
    const words = await said.innerText()
    for (const number of ['٣', '٢', '١']) if (words.includes('نبدأ بعد') && words.includes(number)) counted.add(number)
    return words.includes('نسجّل الآن')
  }, { every: 40 })
  assert.deepEqual([...counted], ['٣', '٢', '١'], 'three, two, one')
  await until('something is recorded', async () => /[١-٩]/.test((await said.innerText()).split('نسجّل الآن')[1] ?? ''))
  await page.getByRole('button', { name: 'أنهِ التسجيل' }).click()
  await page.getByText('شاهد تسجيلك، ثم أرسله أو أعده.').waitFor()
}
