// The wall: everyone ever seen. Only the tiles in sight exist, so that it is as quick with 100,000 people as with ten.
import { attempt, ago, button, drags, empty, face, h, merge, number, parts, takes, whole } from './parts.js';

const CAPTION = 34;
const SPANS = [['All', 0], ['30 days', 30], ['7 days', 7], ['24 hours', 1]];

export async function people(root, { arguments: [camera], signal }) {
  const filter = { camera: camera && decodeURIComponent(camera), since: undefined };
  const picked = new Set();
  const cameras = await attempt(() => whole('/v1/cameras')) ?? [];
  const choice = h('select', { 'aria-label': 'Camera', onchange: () => { filter.camera = choice.value || undefined; begin(); } },
    h('option', { value: '' }, 'All cameras'),
    cameras.map((one) => h('option', { value: one.camera, selected: one.camera === filter.camera }, one.source)));
  const spans = h('div.chips', { role: 'group', 'aria-label': 'Stored within' });
  SPANS.forEach(([label, days], i) => spans.append(h('button', {
    type: 'button', 'aria-pressed': String(i === 0),
    onclick: (event) => {
      for (const other of spans.children) other.setAttribute('aria-pressed', String(other === event.target));
      filter.since = days ? new Date(Date.now() - days * 864e5).toISOString() : undefined;
      begin();
    },
  }, label)));
  const count = h('span.soft', { 'aria-live': 'polite' });
  const wall = h('div.wall', { role: 'list', 'aria-label': 'People', onkeydown: move });
  const bar = h('div.bar', { hidden: true });
  root.append(h('div.head', {}, h('h1', {}, 'People'), count, h('span.grow'), choice, spans), wall, bar);

  let rows = [];
  let more = () => Promise.resolve([]);
  let loading = null;
  let complete = false;
  let shown = new Map();
  let grid = { columns: 1, width: 0, height: 0 };

  async function begin() {
    rows = [];
    complete = false;
    more = parts('/v1/persons', filter, 200);
    wall.replaceChildren();
    shown = new Map();
    await load();
  }

  /** The next part, once: asked for again while it is on its way, it would be shown as often. */
  async function load() {
    const next = more;
    if (loading === next) return;
    loading = next;
    const part = await attempt(next).finally(() => { if (loading === next) loading = null; });
    if (!part || next !== more) return;
    complete = part.length === 0 || part.length < 200;
    rows.push(...part);
    count.textContent = rows.length ? `${rows.length.toLocaleString()}${complete ? '' : '+'}` : '';
    if (!rows.length) wall.replaceChildren(empty('Nobody yet', 'Run a video or watch a camera; whoever is seen appears here.'));
    lay();
  }

  function lay() {
    const width = wall.clientWidth;
    const columns = Math.max(2, Math.floor(width / (width < 500 ? 104 : 138)));
    grid = { columns, width: width / columns, height: width / columns + CAPTION };
    if (rows.length) wall.style.height = `${Math.ceil(rows.length / columns) * grid.height}px`;
    for (const tile of shown.values()) tile.remove();
    shown = new Map();
    draw();
  }

  function draw() {
    if (!rows.length || !wall.isConnected) return;
    const top = -wall.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / grid.height) - 2) * grid.columns;
    const last = Math.min(rows.length, (Math.ceil((top + innerHeight) / grid.height) + 2) * grid.columns);
    for (const [i, tile] of shown) {
      if ((i < first || i >= last) && !tile.contains(document.activeElement)) {
        tile.remove();
        shown.delete(i);
      }
    }
    for (let i = first; i < last; i++) {
      if (!shown.has(i)) {
        const tile = make(rows[i], i);
        shown.set(i, tile);
        wall.append(tile);
      }
    }
    if (!complete && last > rows.length - grid.columns * 8) load();
  }

  function make(row, i) {
    const pick = h('input.pick', { type: 'checkbox', 'aria-label': `Select person ${row.person}`, onclick: (event) => event.stopPropagation(), onchange: () => choose(row.person, pick.checked) });
    pick.checked = picked.has(row.person);
    const tile = h('div.tile', {
      role: 'listitem', 'data-index': i,
      at: { left: `${(i % grid.columns) * grid.width}px`, top: `${Math.floor(i / grid.columns) * grid.height}px`, width: `${grid.width}px` },
    },
    h('a', { href: `#/person/${row.person}`, draggable: 'false', 'aria-label': `Person ${row.person}, ${row.sequences} sequences, last at ${row.source}` }, face(row.sequence)),
    h('div.cap', {}, number(row.person), h('span', { title: row.source }, `×${row.sequences} · ${row.kind === 'file' ? row.source : ago(row.storedAt)}`)),
    pick, row.watched ? h('span.eye', {}, 'watched') : null);
    // One dropped on another is the same person, until that is taken back.
    takes(drags(tile, 'person', row.person), 'person', (other) => {
      if (Number(other) !== row.person) merge(row.person, Number(other), () => { if (wall.isConnected) begin(); });
    });
    return tile;
  }

  function choose(person, on) {
    if (on) picked.add(person); else picked.delete(person);
    const chosen = [...picked];
    bar.hidden = !chosen.length;
    bar.replaceChildren(
      h('span', {}, chosen.length === 1 ? 'One selected: select those who are the same person' : `${chosen.length} selected`),
      chosen.length > 1 ? button(`Merge into ${Math.min(...chosen)}`, () => mergeAll(chosen), '.main') : null,
      button('Clear', () => { picked.clear(); bar.hidden = true; lay(); }));
  }

  async function mergeAll(chosen) {
    const eldest = Math.min(...chosen);
    for (const other of chosen.filter((one) => one !== eldest)) {
      if (!await merge(eldest, other, () => { if (wall.isConnected) begin(); })) break;
    }
    picked.clear();
    bar.hidden = true;
  }

  function move(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -grid.columns, ArrowDown: grid.columns }[event.key];
    const tile = event.target.closest('.tile');
    if (event.key === 'x' && tile) {
      tile.querySelector('.pick').click();
    } else if (step && tile) {
      event.preventDefault();
      const to = Number(tile.dataset.index) + step;
      const row = Math.floor(to / grid.columns);
      const y = wall.getBoundingClientRect().top + row * grid.height;
      if (y < 0 || y + grid.height > innerHeight) scrollBy(0, y < 0 ? y - 20 : y + grid.height - innerHeight + 20);
      draw();
      shown.get(to)?.querySelector('a').focus({ preventScroll: true });
    }
  }

  addEventListener('scroll', draw, { passive: true, signal });
  addEventListener('resize', lay, { signal });
  let dragged = null;
  wall.addEventListener('dragstart', (event) => { dragged = event.target; }, true);
  wall.addEventListener('dragend', () => { dragged = null; });
  await begin();
  return { onSighting: () => { if (idle()) refresh(); } };

  /** Nothing moves under somebody's hand: what is dropped or clicked on would be somebody else. */
  function idle() {
    return scrollY < 200 && !picked.size && !dragged?.isConnected && !wall.matches(':focus-within, :active');
  }

  /** Somebody new belongs in front; at most once in a few seconds. */
  function refresh() {
    if (refresh.due) return;
    refresh.due = setTimeout(() => { refresh.due = 0; if (wall.isConnected && idle()) begin(); }, 3000);
  }
}
