// Now, Search, Review and System.
import { get, getBlob, send, sendPicture } from './api.js';
import { scenes } from './scene.js';
import { ago, attempt, button, confirm, cosine, empty, face, h, many, merge, number, parts, revise, shots, span, toast, when } from './parts.js';

const WORDS = { RECOGNISED: 'seen before', NEW: 'new', UNDECIDED: 'undecided', UNUSABLE: 'no usable face' };

/** Sightings as they arrive. A line is added when it is known who somebody is, and completed when they have left. */
export async function now(root, { signal }) {
  const flow = h('div.flow', { role: 'feed', 'aria-label': 'Sightings' });
  const unusable = h('input', { type: 'checkbox', id: 'nobody', onchange: () => flow.classList.toggle('all', unusable.checked) });
  root.append(h('div.head', {}, h('h1', {}, 'Now'), h('span.grow'), h('label.soft', { for: 'nobody' }, unusable, ' also who cannot be recognised')), scenes(signal), flow);
  const lines = new Map();
  const told = new Set();
  const watched = new Set(((await attempt(() => get('/v1/watchlist')))?.items ?? []).map((entry) => entry.person));
  const latest = (await attempt(() => get('/v1/sightings', { limit: 100 })))?.items ?? [];
  for (const row of latest) show(row, false);
  if (!latest.length) flow.append(empty('Nobody has passed yet', 'As soon as somebody does, they appear here.'));

  function show(row, fresh) {
    const known = row.person;
    const line = h(`article.card.pass${fresh ? '.new' : ''}${row.provisional ? '.inview' : ''}${!known && row.decision === 'UNUSABLE' ? '.nobody' : ''}`, { 'data-sequence': row.sequence },
      // Of somebody in view who is not known yet nothing is stored.
      known || (!row.provisional && row.usable > 0) ? face(row.sequence, 1, known ? `Person ${known}` : 'Somebody') : h('span.face'),
      number(known),
      h('span.what', {}, h('b', {}, row.provisional ? 'in view' : WORDS[row.decision]), ` at ${row.source}`,
        h('small', {}, `${span(row)} · ${row.usable} of ${row.faces} faces${row.similarity === null || row.similarity === undefined ? '' : ` · ${cosine(row.similarity)}`}`)),
      watched.has(known) ? h('span.eye', {}, 'watched') : h('span.soft', {}, row.storedAt ? ago(row.storedAt) : ''));
    const before = lines.get(row.sequence);
    lines.set(row.sequence, line);
    if (before) before.replaceWith(line);
    else if (fresh) flow.prepend(line);
    else flow.append(line);
    // Also where their line was there before it was known who they are.
    if (fresh && watched.has(known) && !told.has(row.sequence)) {
      told.add(row.sequence);
      toast(`Person ${known}, who is watched for, is at ${row.source}.`);
    }
  }
  return {
    onSighting: (sighting) => {
      flow.querySelector('.empty')?.remove();
      show({ ...sighting, sequence: sighting.sequenceId, faces: sighting.faceCount, usable: sighting.usableCount ?? 0,
        kind: sighting.startSeconds > 1e8 ? 'camera' : 'file' }, true);
      while (flow.children.length > 300) {
        lines.delete(flow.lastChild.dataset.sequence);
        told.delete(flow.lastChild.dataset.sequence);
        flow.lastChild.remove();
      }
    },
  };
}

export async function search(root, { signal }) {
  const results = h('div');
  const file = h('input', { type: 'file', accept: 'image/*', id: 'photo', class: 'sr', 'aria-label': 'Photograph', onchange: () => look(file.files[0]) });
  const drop = h('div.card.drop', {
    ondragover: (event) => { event.preventDefault(); drop.classList.add('over'); },
    ondragleave: () => drop.classList.remove('over'),
    ondrop: (event) => { event.preventDefault(); drop.classList.remove('over'); look(event.dataTransfer.files[0]); },
  }, h('p', {}, h('b', {}, 'Drop a photograph here')), h('p.soft', {}, 'It is looked at and not kept. That you looked is written to the audit trail.'),
  file, button('Choose a file', () => file.click(), '.main'));
  root.append(h('div.head', {}, h('h1', {}, 'Search')));
  const system = await attempt(() => get('/v1/system'));
  if (!system?.photoSearch) {
    root.append(empty('Search by photograph is off', 'Start Paseo with --photo-search to allow it. Each search is written to the audit trail.'));
    return;
  }
  root.append(drop, results);
  // Beside the field, too: a browser would open the photograph in the place of the page.
  addEventListener('dragover', (event) => event.preventDefault(), { signal });
  addEventListener('drop', (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    look(event.dataTransfer.files[0]);
  }, { signal });

  async function look(picture) {
    if (!picture) return;
    results.replaceChildren(h('p.soft', {}, 'Looking…'));
    const jpeg = await toJpeg(picture).catch(() => null);
    if (!jpeg) {
      results.replaceChildren(empty('Not a picture', 'The browser cannot read this file.'));
      return;
    }
    const found = await attempt(() => sendPicture('/v1/search', jpeg));
    const means = { same: 'the same person', possible: 'possible', unlikely: 'unlikely' };
    results.replaceChildren(...(found ? [
      h('h2', {}, `Nearest of ${many(found.gallerySize)} people; the same from ${cosine(found.threshold)} on, possible from ${cosine(found.possible)} on`),
      found.candidates.length ? h('div.near', {}, found.candidates.map((row) => h('figure', {},
        h('a', { href: `#/person/${row.person}`, 'aria-label': `Person ${row.person}` }, face(row.sequence)),
        h('figcaption', {}, h('span', {}, number(row.person), ` ${cosine(row.similarity)}`), h('b', {}, means[row.meaning]),
          h('div.meter', { at: { width: '100%' } }, h('i', { at: { width: `${Math.max(0, row.similarity) * 100}%` } }))))))
        : empty('Nobody', 'Nobody is stored yet.'),
    ] : []));
  }
}

/** Any picture that the browser reads, upright and not larger than is of use; what is sent holds no place or date. */
async function toJpeg(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 1920 / Math.max(picture.width, picture.height));
  const canvas = h('canvas', { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.92));
}

/** One question at a time, one key each. */
export async function review(root, { signal }) {
  const stage = h('div');
  const trail = h('div');
  root.append(h('div.head', {}, h('h1', {}, 'Review'), h('span.grow'), h('span.soft', {}, h('kbd', {}, 'U'), ' undo')), stage, h('h2', {}, 'Latest corrections'), trail);
  const proposals = (await attempt(() => get('/v1/review/proposals', { limit: 100 })))?.items ?? [];
  const next = parts('/v1/review/undecided', {}, 50);
  let undecided = await attempt(next) ?? [];
  let keys = {};
  let last;

  async function step() {
    keys = {};
    if (undecided.length === 0) undecided = await attempt(next) ?? [];
    if (undecided.length) return sequence(undecided.shift());
    if (proposals.length) return pair(proposals.shift());
    stage.replaceChildren(empty('Nothing to decide', 'Undecided sequences and people who may be one come up here.'));
  }
  const done = () => { history(); step(); };

  async function sequence(row) {
    const act = async (path, value, said) => { if (await revise(path, value, said, history)) step(); };
    const candidates = (await attempt(() => get(`/v1/sequences/${row.sequence}/candidates`)))?.items ?? [];
    const choices = h('div', {}, candidates.map((one, i) => {
      keys[i + 1] = () => act(`/v1/sequences/${row.sequence}/reassign`, { person: one.person }, `Now person ${one.person}'s.`);
      return h('button.cand', { type: 'button', onclick: keys[i + 1] }, h('kbd', {}, i + 1), h('span', { at: { width: '4.2rem', flex: 'none' } }, face(one.sequence, 1, `Person ${one.person}`)),
        h('span', {}, 'It is person ', h('span.num', { mine: one.person }, one.person), h('span.soft', {}, ` ${cosine(one.similarity)} alike`)));
    }));
    keys.n = () => act(`/v1/sequences/${row.sequence}/split`, undefined, 'A person of its own.');
    keys.s = step;
    stage.replaceChildren(h('section.card.versus.big', {},
      h('div', {}, h('h2', {}, `Who is this? ${row.source}, ${span(row)}`), shots(row.sequence, row.shots, 'The undecided sequence'), h('p.soft', {}, `${row.usable} of ${row.faces} faces usable${row.similarity === null ? '' : `; similarity ${cosine(row.similarity)} of ${cosine(row.threshold)} needed`}`)),
      h('div', {}, h('h2', {}, 'One key'), choices, h('div.acts', {}, h('button', { type: 'button', onclick: keys.n }, h('kbd', {}, 'N'), ' Somebody new'), h('button', { type: 'button', onclick: keys.s }, h('kbd', {}, 'S'), ' Skip')))));
  }

  async function pair(row) {
    const side = (id) => {
      const pictures = h('div.shots');
      get(`/v1/persons/${id}/sightings`, { limit: 6 }).then((part) => pictures.append(...part.items.filter((one) => one.shots).map((one) => face(one.sequence, 1, `Person ${id}`))), () => {});
      return h('div', {}, h('h2', {}, 'Person ', number(id)), pictures);
    };
    keys.y = () => merge(row.person, row.other, done);
    keys.n = async () => { if (await attempt(() => send('POST', `/v1/persons/${row.person}/apart`, { other: row.other })) !== undefined) done(); };
    keys.s = step;
    stage.replaceChildren(h('section.card.big', {}, h('div.versus', {}, side(row.person), side(row.other)),
      h('p', {}, `One person? Similarity ${cosine(row.similarity)}.`),
      h('div.acts', {}, h('button.main', { type: 'button', onclick: keys.y }, 'Y · One person'), h('button', { type: 'button', onclick: keys.n }, h('kbd', {}, 'N'), ' Two people'), h('button', { type: 'button', onclick: keys.s }, h('kbd', {}, 'S'), ' Skip'))));
  }

  async function history() {
    // More than are shown: what people said may lie behind what consolidation did.
    const entries = (await attempt(() => get('/v1/revisions', { limit: 50 })))?.items ?? [];
    const undone = new Set(entries.map((entry) => entry.reverts));
    last = entries.find((entry) => entry.cause === 'HAND' && entry.reverts === null && !undone.has(entry.position));
    trail.replaceChildren(entries.length ? h('div.card.scroll', {}, h('table', {}, h('tbody', {}, entries.slice(0, 12).map((entry) => h('tr', {},
      h('td', {}, `#${entry.position}`), h('td', {}, entry.kind.toLowerCase()),
      h('td', {}, entry.from ? `${entry.from} → ` : 'nobody → ', entry.to ? number(entry.to) : 'nobody'),
      h('td', {}, `${entry.sequences.length} sequence${entry.sequences.length > 1 ? 's' : ''}`),
      h('td.soft', {}, entry.reverts ? `undid #${entry.reverts}` : entry.cause.toLowerCase().replace('_', ' ')),
      h('td.r', {}, h('button.small', { type: 'button', onclick: () => undo(entry) }, 'Undo'))))))) : h('p.soft', {}, 'None.'));
  }

  async function undo(entry) {
    if (await attempt(() => send('POST', `/v1/revisions/${entry.position}/undo`))) toast(`Entry ${entry.position} is taken back.`);
    history();
  }

  /** The latest of what people said, and with the next key the one before. */
  function undoLast() {
    const entry = last;
    last = undefined;
    if (entry) undo(entry);
  }

  addEventListener('keydown', (event) => {
    if (event.target.closest('input, select, textarea, dialog') || event.metaKey || event.ctrlKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === 'u') undoLast();
    else keys[key]?.();
  }, { signal });
  await history();
  await step();
}

export async function system(root, { me }) {
  const state = await attempt(() => get('/v1/system'));
  if (!state) return;
  const fact = (name, value) => h('div.card', {}, h('b', {}, value), h('span.soft', {}, name));
  root.append(h('div.head', {}, h('h1', {}, 'System'), h('span.soft', {}, `Paseo ${state.version} · ${state.modelPacks.join(', ')}`), h('span.grow'), ...exporting()),
  h('div.facts', {}, fact('people', many(state.persons)), fact('sequences', many(state.sequences)), fact('undecided', many(state.undecided)), fact('faces', many(state.faces)),
    fact('frames', many(state.frames)), fact('frames dropped', many(state.framesDropped)), fact('corrections', many(state.revisions)), fact('waiting to be published', many(state.unpublished)), fact('database', `${(state.databaseBytes / 1048576).toFixed(0)} MiB`)));
  root.append(...drift(state.meters));
  if (me.scopes.includes('admin')) await answering(root);
  if (state.meters.length) {
    root.append(h('h2', {}, 'Services in this process'), h('div.card.scroll', {}, h('table', {}, h('tbody', {}, state.meters.map((meter) =>
      h('tr', {}, h('td', {}, h('code', {}, meter.name)), h('td.soft', {}, meter.tags), h('td.r', {}, many(Math.round(meter.value * 1000) / 1000))))))));
  }
}

/** Everything as a file. */
function exporting() {
  const option = (value, text) => h('option', { value }, text);
  const what = h('select', { 'aria-label': 'What to export' }, option('sightings', 'Sightings'), option('sequences', 'Sequences'));
  const format = h('select', { 'aria-label': 'Format' }, option('csv', 'CSV'), option('jsonl', 'JSON lines'), option('parquet', 'Parquet'));
  return [what, format, button('Export', async () => {
    const blob = await attempt(() => getBlob(`/v1/exports/${what.value}`, { format: format.value }));
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    h('a', { href: url, download: `${what.value}.${format.value}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  })];
}

/** Whether this site is as the thresholds expect: 1 when it is, doubtful from 2 on. */
function drift(meters) {
  const words = { strangers: 'strangers too alike', same: 'people unlike themselves' };
  const found = Object.entries(words).map(([pairs, text]) => [text, meters.find((meter) => meter.name === 'paseo.calibration.drift' && meter.tags === `pairs=${pairs}`)]).filter(([, meter]) => meter);
  return found.length ? [h('h2', {}, 'Beside the calibration: 1 is as expected, 2 is doubtful'), h('div.facts', {}, found.map(([text, meter]) =>
    h(`div.card${meter.value >= 2 ? '.doubt' : ''}`, {}, h('b', {}, `${cosine(meter.value)} ×`), h('span.soft', {}, text))))] : [];
}

async function answering(root) {
  const chain = h('p.soft', { role: 'status' }, 'Each entry’s hash covers the one before.');
  const rows = h('tbody');
  const next = parts('/v1/audit', {}, 25);
  const more = button('More', add);
  async function add() {
    more.disabled = true;
    const part = await attempt(next);
    more.disabled = false;
    if (!part) return;
    rows.append(...part.map((entry) => h('tr', {}, h('td', {}, entry.position), h('td', {}, when(new Date(entry.at) / 1000, 'camera')), h('td', {}, entry.actor), h('td', {}, h('b', {}, entry.action), ' ', entry.subject), h('td.soft', {}, entry.outcome), h('td', {}, h('code', { title: entry.hash }, entry.hash.slice(0, 8))))));
    more.hidden = part.length < 25;
  }
  root.append(h('h2', {}, 'Audit trail: every search, correction and erasure'), h('div.card.scroll', {}, h('div.acts', {}, button('Verify the chain', async () => {
    const found = await attempt(() => get('/v1/audit/verification'));
    if (found) chain.textContent = found.broken === null ? `The chain holds: ${many(found.entries)} entries, head ${found.head.slice(0, 16)}…` : `The chain is BROKEN at entry ${found.broken}.`;
  })), chain, h('table', {}, rows), more));
  await add();
  await tokens(root);
}

async function tokens(root) {
  const rows = h('tbody');
  const name = h('input', { placeholder: 'Name', maxlength: 64, required: true, 'aria-label': 'Name of the token' });
  const days = h('input', { type: 'number', min: 1, max: 366, value: 90, 'aria-label': 'Days until it expires', at: { width: '5.5rem' } });
  const scopes = ['read', 'correct', 'erase', 'admin'].map((scope) => h('label', {}, h('input', { type: 'checkbox', value: scope, checked: scope === 'read' }), ` ${scope}`));
  const secret = h('p', { role: 'status' });
  const form = h('form.acts', { onsubmit: async (event) => {
    event.preventDefault();
    const chosen = scopes.map((label) => label.firstChild).filter((box) => box.checked).map((box) => box.value);
    if (!chosen.length) return;
    const made = await attempt(() => send('POST', '/v1/tokens', { name: name.value, scopes: chosen, days: Number(days.value) }));
    if (made) {
      secret.replaceChildren('This is shown once: ', h('code', {}, made.secret));
      list();
    }
  } }, name, days, h('span.soft', {}, 'days'), ...scopes, h('button.main', {}, 'Make a token'));
  async function list() {
    const found = (await attempt(() => get('/v1/tokens')))?.items ?? [];
    rows.replaceChildren(...found.map((token) => h('tr', {}, h('td', {}, token.name), h('td', {}, token.scopes.join(', ')), h('td.soft', {}, `until ${new Date(token.expires).toLocaleDateString()}`),
      h('td.r', {}, h('button.small', { type: 'button', onclick: async () => {
        if (await confirm(`Take ${token.name} away?`, 'Whoever uses this token is refused from now on.', 'Take away') && await attempt(() => send('DELETE', `/v1/tokens/${token.id}`)) !== undefined) list();
      } }, 'Take away')))));
  }
  root.append(h('h2', {}, 'Tokens'), h('div.card.scroll', {}, form, secret, h('table', {}, rows)));
  await list();
}
