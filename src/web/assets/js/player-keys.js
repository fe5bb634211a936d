// Keyboard: the player's keys, and arrow keys inside groups of choices. The keys work while the focus is in the player
// (WCAG 2.1.4), and by their place on the keyboard, so that they are the same under an Arabic layout.
import { all } from "./dom.js";

const BY_PLACE = {
  KeyK: 'k', KeyL: 'l', KeyA: 'a', KeyB: 'b', KeyM: 'm', KeyC: 'c', KeyF: 'f',
  Comma: ',', Period: '.', 'shift+Comma': '<', 'shift+Period': '>', 'shift+Slash': '?',
};

export function listenToKeys({ player, video }, actions, speed) {
  const speeds = all('[data-speed]', player).map((key) => key.dataset.speed);
  const faster = (by) => {
    const at = speeds.indexOf(String(video.playbackRate)) + by;
    speed(speeds[Math.min(Math.max(at, 0), speeds.length - 1)]);
  };
  const keys = {
    k: actions.play, ArrowLeft: actions.back, ArrowRight: actions.forward, ',': actions.prev, '.': actions.next,
    '<': () => faster(-1), '>': () => faster(1), l: actions.loop, a: actions.a, b: actions.b, m: actions.mirror,
    c: actions.captions, f: actions.full, '?': actions.help, '؟': actions.help,
  };
  player.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.target.closest('dialog')) return;
    const space = event.key === ' ' && !event.target.matches('button, summary') ? actions.play : null;
    const place = BY_PLACE[`${event.shiftKey ? 'shift+' : ''}${event.code}`];
    const run = space ?? keys[event.key] ?? keys[event.key.toLowerCase()] ?? keys[place];
    if (!run) return;
    event.preventDefault();
    run();
  });
}

// One tab stop for each group; the arrows move along the reading direction.
export function radios(group) {
  const keys = all('[role=radio]', group);
  const tabStop = () => { for (const key of keys) key.tabIndex = key.getAttribute('aria-checked') === 'true' ? 0 : -1; };
  new MutationObserver(tabStop).observe(group, { subtree: true, attributeFilter: ['aria-checked'] });
  tabStop();
  group.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const flip = getComputedStyle(group).direction === 'rtl' ? -1 : 1;
    const next = keys[(keys.indexOf(document.activeElement) + step * flip + keys.length) % keys.length];
    next.focus();
    next.click();
  });
}
