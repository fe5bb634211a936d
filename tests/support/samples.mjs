// A small part of the sample library, loaded the way the whole of it is loaded.
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fixture } from './server.mjs'

/** Imports the named clips of the library into the server, with their media and captions. */
export async function loadSamples(server, ids) {
  const lines = (await readFile(fixture('library.jsonl'), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line))
  return load(server, lines.filter((clip) => ids.includes(clip.id)))
}

/** Imports one clip of the test's own; its files are named as in the fixtures, or found where `find` says. */
export const loadClip = (server, line, find = fixture) => load(server, [line], find)

async function load(server, chosen, find = fixture) {
  const folder = await mkdtemp(join(server.data, 'samples-'))
  for (const name of chosen.flatMap((clip) => [clip.media, clip.captions]).filter((name) => /\.[a-z0-9]+$/.test(name ?? ''))) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await copyFile(find(name), join(folder, name))
  }
  await writeFile(join(folder, 'library.jsonl'), chosen.map((clip) => JSON.stringify(clip)).join('\n'))
  return server.run(['import', join(folder, 'library.jsonl')])
}
