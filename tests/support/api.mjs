// The HTTP API as a program uses it: bearer token, JSON, problem+json as errors.
import { readFile } from 'node:fs/promises'
import { until } from './server.mjs'

export class Problem extends Error {
  constructor(response, body) {
    super(`${response.status} ${response.url}: ${body?.title ?? ''} ${body?.detail ?? ''}`)
    this.status = response.status
    this.body = body
  }
}

export class Api {
  constructor(server, token) {
    this.root = `${server.base}/api/v1`
    this.token = token
  }

  async call(method, path, { body, type = 'application/json', headers = {} } = {}) {
    const response = await fetch(`${this.root}${path}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const answer = text && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text
    if (!response.ok) throw new Problem(response, answer)
    return { status: response.status, headers: response.headers, answer }
  }

  async get(path) {
    return (await this.call('GET', path)).answer
  }
  async post(path, body = {}, headers = {}) {
    return (await this.call('POST', path, { body, headers })).answer
  }
  async put(path, body, type, headers = {}) {
    return (await this.call('PUT', path, { body, type, headers })).answer
  }

  /** Creates a tus upload of `size` bytes and returns its URL. */
  async createUpload(size, name = 'clip.mp4') {
    const { headers } = await this.call('POST', '/uploads', {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': String(size),
        'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
      },
    })
    return new URL(headers.get('location'), this.root).href
  }

  /** Appends bytes at an offset; returns the new offset that the server acknowledged. */
  async appendUpload(url, offset, bytes) {
    const response = await fetch(url, {
      method: 'PATCH',
      headers: { ...this.uploadHeaders(), 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: bytes,
    })
    if (response.status !== 204) throw new Problem(response, await response.json().catch(() => undefined))
    return Number(response.headers.get('upload-offset'))
  }

  async uploadOffset(url) {
    const response = await fetch(url, { method: 'HEAD', headers: this.uploadHeaders() })
    if (!response.ok) throw new Problem(response)
    return Number(response.headers.get('upload-offset'))
  }

  uploadHeaders() {
    return { authorization: `Bearer ${this.token}`, 'tus-resumable': '1.0.0' }
  }

  /** A whole file in one piece; returns the upload id. */
  async upload(file) {
    const bytes = await readFile(file)
    const url = await this.createUpload(bytes.length)
    await this.appendUpload(url, 0, bytes)
    return uploadId(url)
  }

  /** A clip with one version from `file`; processing has started when this returns. */
  async clip(file, fields) {
    const clip = await this.post('/clips', { kind: 'answer', ...fields })
    await this.post(`/clips/${clip.id}/versions`, { upload_id: await this.upload(file) })
    return clip
  }

  /** Waits until the media of a clip is ready; a refusal or failure is an error at once. */
  async processed(id, { seconds = 120 } = {}) {
    const clip = await until(`media of ${id}`, async () => {
      const seen = await this.get(`/clips/${id}`)
      return ['ready', 'failed', 'refused', 'cancelled'].includes(seen.version.media.state) && seen
    }, { seconds, every: 200 })
    if (clip.version.media.state !== 'ready') throw new Error(`media ${clip.version.media.state}: ${clip.version.media.error}`)
    return clip
  }
}

export const uploadId = (url) => new URL(url).pathname.split('/').at(-1)
