// Cameras: how each is, and for whoever administers them which are to be watched.
import { get, send } from './api.js';
import { ago, attempt, button, confirm, empty, h, many, toast, whole } from './parts.js';

const DAY = 86400;
const OVER = ['ended', 'failed'];
// There may be thousands of files: of those that are over, only so many of the newest are shown.
const NEWEST = 200;

export async function cameras(root, { me, signal }) {
  const list = h('div.cards');
  const cards = new Map();
  // Where only what is stored is shown, nothing can be watched.
  const admin = me.scopes.includes('admin') && (await get('/v1/system')).live;
  const form = admin ? adding(changed) : null;
  const rows = new Map();
  let stored = [];
  let due = 0;
  const open = admin ? h('button', { type: 'button', 'aria-expanded': 'false', onclick: () => {
    form.hidden = !form.hidden;
    open.setAttribute('aria-expanded', String(!form.hidden));
    if (!form.hidden) form.querySelector('input').focus();
  } }, 'Add a camera') : null;
  root.append(h('div.head', {}, h('h1', {}, 'Cameras'), h('span.soft', {}, 'and files'), h('span.grow'), open), form ?? '', list);

  /** The lists themselves change rarely, and reading them costs more than how the cameras are. */
  function changed() {
    due = 0;
    return show();
  }

  /** Everything; or as far as what has not ended goes, which alone changes. */
  function read(everything) {
    const moving = new Set([...rows.values()].filter((row) => !OVER.includes(row.state)).map((row) => row.camera));
    return whole('/v1/cameras', (part) => {
      part.forEach((row) => moving.delete(row.camera));
      return !everything && !moving.size;
    }).then((found) => found.filter((row, i) => i < NEWEST || row.kind === 'camera' || !OVER.includes(row.state)), () => null);
  }

  async function show() {
    const everything = Date.now() > due;
    const found = await read(everything);
    if (everything) {
      const fresh = admin ? await get('/v1/stored-cameras').then((all) => all.items, () => null) : [];
      stored = fresh ?? stored;
      due = Date.now() + (fresh && found ? 15000 : 0);
    }
    if (!found || !list.isConnected) return;
    if (everything) rows.clear();
    for (const row of found) rows.set(row.camera, row);
    const all = new Map(stored.map((camera) => [camera.camera, { camera }]));
    for (const row of rows.values()) all.set(row.camera, { ...all.get(row.camera), row });
    list.querySelector('.empty')?.remove();
    for (const [id, card] of cards) {
      if (!all.has(id)) {
        card.element.remove();
        cards.delete(id);
      }
    }
    for (const [id, state] of all) {
      if (!cards.has(id)) {
        cards.set(id, made(id, changed));
        list.append(cards.get(id).element);
      }
      cards.get(id).update(state);
    }
    if (!all.size) list.append(empty('No cameras yet', admin ? 'Add one here, or with ‘paseo cameras add’; ‘paseo watch’ watches it.' : '‘paseo cameras add’ stores one, ‘paseo watch’ watches it.'));
  }

  await show();
  if (signal.aborted) return;
  const timer = setInterval(() => { if (!document.hidden) show(); }, 3000);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** A card that stays while what is on it changes, so that a key pressed on it is not lost. */
function made(id, after) {
  const name = h('b');
  const state = h('p.soft');
  const facts = Object.fromEntries(['frames', 'dropped', 'faces', 'faces/min', 'size', 'kept'].map((key) => [key, h('dd', {}, '–')]));
  const where = h('p.soft.address');
  const pause = button('Pause', () => change(paused ? 'resume' : 'pause'), '.small');
  const remove = button('Remove…', async () => {
    if (await confirm(`Remove ${id}?`, 'It is watched no longer. What it has seen stays.', 'Remove') && await attempt(() => send('DELETE', path)) !== undefined) after();
  }, '.small.danger');
  const hands = h('div.acts', {}, pause, remove);
  const path = `/v1/stored-cameras/${encodeURIComponent(id)}`;
  let paused = false;
  const element = h('section.card.camera', { 'aria-label': id, 'data-camera': id }, name, state, where,
    h('dl.facts', {}, Object.entries(facts).map(([key, value]) => h('div', {}, h('dt', {}, key), value))),
    h('div.acts', {}, h('a', { href: `#/people/${encodeURIComponent(id)}` }, 'Who was seen here'), h('span.grow'), hands));

  async function change(verb) {
    if (await attempt(() => send('POST', `${path}/${verb}`)) !== undefined) after();
  }

  function update({ camera, row }) {
    paused = camera?.paused ?? false;
    name.textContent = row?.source ?? id;
    state.replaceChildren(...condition(camera, row));
    where.hidden = !camera;
    where.textContent = camera ? [camera.address, camera.fps && `${camera.fps} fps at most`, camera.leastFace && `faces from ${camera.leastFace} px`, camera.region && 'a part of the picture'].filter(Boolean).join(' · ') : '';
    hands.hidden = !camera;
    pause.textContent = paused ? 'Resume' : 'Pause';
    pause.setAttribute('aria-label', `${pause.textContent} ${id}`);
    remove.setAttribute('aria-label', `Remove ${id}`);
    const kept = camera ? camera.retentionSeconds : row?.retentionSeconds;
    const values = { frames: row?.frames, dropped: row?.framesDropped, faces: row?.faces, 'faces/min': row?.facesLastMinute, size: row?.width ? `${row.width}×${row.height}` : null, kept: kept ? `${Math.round(kept / DAY * 10) / 10} d` : 'for ever' };
    for (const [key, value] of Object.entries(values)) facts[key].textContent = typeof value === 'number' ? many(value) : value ?? '–';
  }
  return { element, update };
}

/** A dot and words. */
function condition(camera, row) {
  const age = row?.lastFrameSeconds ? Date.now() / 1000 - row.lastFrameSeconds : null;
  const last = row?.kind === 'camera' && age !== null ? ` · last frame ${age < 90 ? `${Math.max(0, age).toFixed(1)} s ago` : ago(row.lastFrameSeconds * 1000)}` : '';
  if (camera?.paused) return [h('span.dot'), ` paused${last}`];
  if (camera && (!row || row.state === 'ended')) return [h('span.dot.reconnecting'), ` not watched${last}`];
  const state = row.state === 'live' && row.kind === 'camera' && age > 10 ? 'reconnecting' : row.state ?? 'unknown';
  return [h(`span.dot.${state === 'live' && row.detail ? 'reconnecting' : state}`), ` ${state}${row.detail ? `: ${row.detail}` : ''}${last}`];
}

/** What ‘paseo cameras add’ takes. */
function adding(after) {
  const field = (label, properties, hint) => {
    const input = h('input', { autocomplete: 'off', spellcheck: 'false', ...properties });
    return h(`label.field${properties.inputmode === 'url' ? '.wide' : ''}`, {}, h('span', {}, label), input, hint ? h('small.soft', {}, hint) : null);
  };
  const fields = {
    camera: field('Id', { name: 'camera', required: true, maxlength: 63, pattern: '[a-z0-9][a-z0-9_\\-]*', placeholder: 'door' }, 'Lower-case letters, digits, - and _'),
    address: field('Address', { name: 'address', required: true, maxlength: 1024, inputmode: 'url', placeholder: 'rtsp://host/path' }, 'rtsp, rtsps, http or https. User and password stay where the camera is watched: rtsp://${env:PASEO_CAMERA_USER}:${env:PASEO_CAMERA_PASSWORD}@host/path'),
    fps: field('Pictures a second, at most', { name: 'fps', type: 'number', min: 0.1, max: 1000, step: 'any' }),
    leastFace: field('Narrowest face, pixels', { name: 'leastFace', type: 'number', min: 1, max: 10000 }),
    region: field('Part of the picture', { name: 'region', placeholder: '0.25,0,0.5,1', pattern: '\\s*[\\d.]+(\\s*,\\s*[\\d.]+){3}\\s*' }, 'Left, top, width, height, in shares'),
    days: field('Days that it is kept', { name: 'days', type: 'number', min: 0.1, max: 36500, step: 'any' }),
  };
  const form = h('form.card.adding', { hidden: true, 'aria-label': 'Add a camera', onsubmit: async (event) => {
    event.preventDefault();
    const value = Object.fromEntries(new FormData(form));
    const wish = {
      address: value.address.trim(),
      ...(value.fps && { fps: Number(value.fps) }),
      ...(value.leastFace && { leastFace: Number(value.leastFace) }),
      ...(value.region && { region: value.region.split(',').map(Number) }),
      ...(value.days && { retentionSeconds: Math.round(Number(value.days) * DAY) }),
    };
    if (await attempt(() => send('PUT', `/v1/stored-cameras/${encodeURIComponent(value.camera)}`, wish))) {
      form.reset();
      toast(`Camera ${value.camera} is stored.`);
      after();
    }
  } }, Object.values(fields), h('div.acts', {}, h('button.main', {}, 'Store'), h('span.soft', {}, 'An id that is there already is changed.')));
  return form;
}
