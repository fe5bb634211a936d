// The storyboard: while the pointer or a finger is on the timeline, a small picture of that moment, over the caption
// strip and never over the signing. Its bytes are fetched at the first touch of the timeline.
import { one, calm, clock } from "./dom.js";

export function storyboard({ player }, length) {
  const bar = one('.seek__bar', player), input = one('input', bar), board = one('.board', player);
  if (!board) return;
  let tiles = null, asked = false;

  const ask = async () => {
    if (asked) return;
    asked = true;
    try {
      const address = new URL(board.dataset.board, location.href);
      const answer = await fetch(address);
      if (answer.ok) tiles = read(await answer.text(), address);
    } catch { asked = false; /* offline: the timeline works without pictures */ }
  };
  const show = (share) => {
    const time = share * length();
    const tile = tiles?.findLast((one) => one.from <= time) ?? tiles?.[0];
    board.hidden = !tile;
    if (!tile) return;
    const picture = one('i', board);
    picture.style.inlineSize = `${tile.w}px`;
    picture.style.blockSize = `${tile.h}px`;
    picture.style.backgroundImage = `url('${tile.sheet}')`;
    picture.style.backgroundPosition = `-${tile.x}px -${tile.y}px`;
    one('bdi', board).textContent = clock(time);
    const room = bar.clientWidth - tile.w;
    board.style.setProperty('--x', `${Math.min(Math.max(share * bar.clientWidth - tile.w / 2, 0), Math.max(room, 0))}px`);
  };
  const hide = () => { board.hidden = true; };
  const at = (event) => {
    const box = bar.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
  };
  bar.addEventListener('pointerenter', (event) => { if (!calm || event.pointerType !== 'mouse') ask(); });
  bar.addEventListener('pointerdown', ask);
  bar.addEventListener('pointermove', (event) => show(at(event)));
  bar.addEventListener('pointerleave', hide);
  bar.addEventListener('pointerup', (event) => { if (event.pointerType !== 'mouse') hide(); });
  input.addEventListener('blur', hide);
}

// WebVTT whose cues name a part of the sheet: `storyboard.jpg#xywh=128,0,128,160`.
export function read(text, address) {
  const tiles = [];
  for (const block of text.replaceAll('\r', '').split('\n\n')) {
    const times = /(?:(\d+):)?(\d{2}):(\d{2}\.\d{3}) -->/.exec(block);
    const place = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/m.exec(block);
    if (!times || !place) continue;
    const [x, y, w, h] = place.slice(2).map(Number);
    tiles.push({ from: Number(times[1] ?? 0) * 3600 + Number(times[2]) * 60 + Number(times[3]), sheet: new URL(place[1], address).pathname, x, y, w, h });
  }
  return tiles;
}
