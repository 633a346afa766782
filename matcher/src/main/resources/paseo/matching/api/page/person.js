// One person: strips of their sequences, where they were when, who is like them; merge, split, undo, erase.
import { get, send } from './api.js';
import { attempt, button, colour, confirm, cosine, drags, empty, face, h, many, merge, number, parts, revise, shots, span, takes, toast, when } from './parts.js';

export async function person(root, { arguments: [asked], reload }) {
  const found = await attempt(() => get(`/v1/persons/${asked}`));
  if (!found) {
    root.append(h('div.head', {}, h('h1', {}, `Person ${asked}`)), empty('Nobody', 'This number was never given, or the person was erased.'));
    return;
  }
  const id = found.person;
  const next = parts(`/v1/persons/${id}/sightings`, {}, 60);
  const sightings = await attempt(next) ?? [];
  document.title = `Person ${id} · Paseo`;
  const best = sightings[0];
  root.append(
    h('div.head', {}, h('h1', {}, 'Person ', number(id)), found.alsoKnownAs.length ? h('span.soft', {}, `also ${found.alsoKnownAs.join(', ')}`) : null,
      String(id) === asked ? null : h('span.soft', {}, `asked for ${asked}, who turned out to be ${id}`)),
    takes(h('section.card.who', { title: 'Whoever is dropped here is the same person' }, face(best?.sequence, 1, `Person ${id}`), h('div', {}, facts(found), actions(found, reload))), 'person', (other) => same(id, Number(other), reload)),
    ...(found.sequences ? [
      h('h2', {}, 'When and where'), h('div.card.scroll', {}, timeline(sightings, id)),
      h('h2', {}, 'Sequences, latest first'), strips(id, sightings, next, found, reload),
    ] : [empty('In view', 'Somebody new: when and where they were seen is said here when they have left.')]));
  const near = await attempt(() => get(`/v1/persons/${id}/neighbours`));
  if (near?.items.length) root.append(h('h2', {}, 'Who looks most like this'), neighbours(id, near.items, reload));
}

/** Also when that is taken back, unless somebody looks at something else by then. */
function same(id, other, reload) {
  merge(id, other, () => {
    if (location.hash.startsWith('#/person/')) location.hash = `#/person/${Math.min(id, other)}`;
    reload();
  });
}

function facts(found) {
  const fact = (name, value, extra) => h('div', {}, h('dt', {}, name), h('dd', {}, value, extra ? ' ' : null, extra));
  const share = found.silhouette === null ? 0 : Math.max(0, found.silhouette);
  return h('dl', {},
    fact('Sequences', many(found.sequences)), fact('Faces', many(found.faces)), fact('Cameras', String(found.cameras.length)),
    fact('Silhouette', cosine(found.silhouette), h('div.meter', { title: 'How well the sequences hold together and apart from others: 1 is perfect, below 0.35 doubtful' }, h('i', { at: { width: `${share * 100}%` } }))),
    fact('Nearest', found.nearest ? number(found.nearest) : '–', found.nearest ? h('span.soft', {}, cosine(found.nearestSimilarity)) : null));
}

function actions(found, reload) {
  const id = found.person;
  return h('div.acts', {},
    found.watched
      ? button('Stop watching for', async () => { if (await attempt(() => send('DELETE', `/v1/watchlist/${id}`)) !== undefined) reload(); })
      : button('Watch for', async () => { if (await attempt(() => send('PUT', `/v1/watchlist/${id}`)) !== undefined) reload(); }),
    button('Merge with…', async () => {
      const other = await ask(`Who is the same person as ${id}?`, 'Number of the other one', 'Merge', 'number');
      if (other) same(id, Number(other), reload);
    }),
    button('Erase…', async () => {
      if (!await confirm(`Erase person ${id}?`, `Every face, picture and vector of ${found.sequences} sequences is deleted. This cannot be undone; the number is not given again.`, 'Erase')) return;
      const receipt = await attempt(() => send('DELETE', `/v1/persons/${id}`));
      if (receipt) {
        toast(`Erased: ${receipt.sequences} sequences, ${receipt.faces} faces. Receipt: audit entry ${receipt.audit}.`);
        location.hash = '#/people';
      }
    }, '.danger'),
    button('Opt out…', async () => {
      if (!await confirm(`Keep nothing of person ${id}?`, 'Everything is erased, and what is seen of them later is dropped and counted. What was dropped does not come back.', 'Opt out')) return;
      const receipt = await attempt(() => send('POST', `/v1/persons/${id}/opt-out`));
      if (receipt) {
        toast(`Opted out: ${receipt.sequences} sequences, ${receipt.faces} faces erased. Receipt: audit entry ${receipt.audit}.`);
        location.hash = '#/people';
      }
    }, '.danger'));
}

function ask(title, label, verb, type) {
  return new Promise((answer) => {
    const field = h('input', { type, required: true, min: 1, maxlength: 64, id: 'field', autofocus: true });
    const box = h('dialog', {}, h('form', { method: 'dialog' }, h('h1', {}, title), h('label', { for: 'field' }, label), field,
      h('div.acts', {}, h('button', { value: 'no', formnovalidate: true, type: 'button', onclick: () => box.close('no') }, 'Cancel'), h('button.main', { value: 'yes' }, verb))));
    box.addEventListener('close', () => { answer(box.returnValue === 'yes' ? field.value : null); box.remove(); });
    document.body.append(box);
    box.showModal();
  });
}

/** A lane per camera; files have a clock of their own each. */
function timeline(sightings, id) {
  const lanes = Object.values(Object.groupBy?.(sightings, (row) => row.camera) ?? sightings.reduce((all, row) => ({ ...all, [row.camera]: [...(all[row.camera] ?? []), row] }), {}));
  const cameras = sightings.filter((row) => row.kind === 'camera');
  const all = cameras.length ? [Math.min(...cameras.map((row) => row.startSeconds)), Math.max(...cameras.map((row) => row.endSeconds))] : [0, 1];
  const [left, right, row] = [210, 980, 34];
  const drawing = h('svg.time', { viewBox: `0 0 1000 ${lanes.length * row + 8}`, role: 'img', 'aria-label': 'When the person was seen by which camera', mine: id, at: { minWidth: '36rem' } });
  lanes.forEach((lane, i) => {
    const y = i * row + 20;
    const [from, to] = lane[0].kind === 'camera' ? all : [0, Math.max(...lane.map((one) => one.endSeconds)) * 1.05];
    const x = (seconds) => left + (right - left) * (seconds - from) / Math.max(0.001, to - from);
    const name = lane[0].source.length > 28 ? `${lane[0].source.slice(0, 26)}…` : lane[0].source;
    drawing.append(h('text', { x: 4, y: y + 4 }, name), h('line.lane', { x1: left, x2: right, y1: y, y2: y }),
      h('text', { x: left, y: y + 15 }, when(from, lane[0].kind)), h('text', { x: right, y: y + 15, 'text-anchor': 'end' }, when(to, lane[0].kind)),
      ...lane.map((one) => h('rect.seen', { x: x(one.startSeconds), y: y - 8, width: Math.max(4, x(one.endSeconds) - x(one.startSeconds)), height: 12, rx: 4 }, h('title', {}, span(one)))));
  });
  drawing.style.setProperty('--mine', colour(id));
  return drawing;
}

const reassign = (sequence, other, reload) =>
  revise(`/v1/sequences/${sequence}/reassign`, { person: other }, `Now person ${other}'s.`, reload);

function strips(id, sightings, next, found, reload) {
  const list = h('div.card');
  const add = (rows) => list.append(...rows.map((row) => drags(h('div.strip', { 'data-sequence': row.sequence, title: found.sequences > 1 ? 'Can be dropped on whoever looks like this, below' : null },
    h('div', {}, h('b', {}, row.source), h('br'), span(row), h('br'),
      h('span.soft', {}, `${row.usable} of ${row.faces} faces · ${row.decision.toLowerCase()} ${row.similarity === null ? '' : cosine(row.similarity)}`)),
    shots(row.sequence, row.shots, `Sequence at ${row.source}`),
    h('div.acts', {},
      found.sequences > 1 ? h('button.small', { type: 'button', title: 'Make this sequence a person of its own', onclick: () => revise(`/v1/sequences/${row.sequence}/split`, undefined, 'Split off as a person of its own.', reload) }, 'Not this person') : null,
      found.sequences > 1 ? h('button.small', { type: 'button', onclick: async () => {
        const other = await ask('Whose sequence is it?', 'Number of the person', 'Reassign', 'number');
        if (other) reassign(row.sequence, Number(other), reload);
      } }, 'Somebody else…') : null)), 'sequence', row.sequence)));
  add(sightings);
  if (found.sequences > sightings.length) {
    const more = button('More', async () => {
      more.disabled = true;
      const rows = await attempt(next);
      more.disabled = false;
      if (!rows) return;
      more.remove();
      add(rows);
      if (list.querySelectorAll('.strip').length < found.sequences && rows.length) list.append(more);
    });
    list.append(more);
  }
  return list;
}

function neighbours(id, rows, reload) {
  return h('div.near', {}, rows.map((row) => takes(drags(h('figure', {},
    h('a', { href: `#/person/${row.person}`, draggable: 'false', 'aria-label': `Person ${row.person}` }, face(row.sequence)),
    h('figcaption', {}, h('span', {}, number(row.person), ` ${cosine(row.similarity)}`),
      h('button.small', { type: 'button', onclick: () => same(id, row.person, reload) }, 'Same person'))), 'person', row.person),
  'sequence', (sequence) => reassign(sequence, row.person, reload))));
}
