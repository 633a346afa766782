// Small parts that every view is made of.
import { showPicture, get, send, Refused } from './api.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An element: properties, then children. Text is always text, never markup. */
export function h(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = ['svg', 'path', 'rect', 'line', 'text', 'circle', 'title', 'g'].includes(name)
    ? document.createElementNS(SVG, name) : document.createElement(name);
  if (classes.length) element.setAttribute('class', classes.join(' '));
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'mine') element.style.setProperty('--mine', colour(value));
    else if (key === 'at') Object.assign(element.style, value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The same number has the same colour everywhere; neighbours in number are far apart in hue. */
export const colour = (person) => `hsl(${(person * 137.508) % 360} 52% 40%)`;

export const number = (person) => person
  ? h('a.num', { href: `#/person/${person}`, mine: person, title: `Person ${person}` }, String(person))
  : h('span.num', { title: 'Nobody' }, '–');

/** A best shot of a sequence. */
export function face(sequence, ordinal = 1, label = '') {
  const image = h('img.face', { alt: label, width: 112, height: 112, draggable: 'false' });
  if (sequence) queueMicrotask(() => showPicture(image, `/v1/sequences/${sequence}/shots/${ordinal}`));
  return image;
}

export const shots = (sequence, count, label) => h('div.shots', { tabindex: count > 4 ? 0 : null, role: 'group', 'aria-label': label },
  Array.from({ length: count }, (_, i) => face(sequence, i + 1, `${label}, shot ${i + 1}`)));

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** When: of a camera the time of day, of a file from its start. */
export function when(seconds, kind) {
  if (kind === 'file') {
    const whole = Math.floor(seconds);
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return (hours ? `${hours}:${String(minutes).padStart(2, '0')}` : minutes) + `:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
  }
  const time = new Date(seconds * 1000);
  return (Date.now() - time > 72e6 ? day.format(time) + ' ' : '') + clock.format(time);
}
export const span = (row) => `${when(row.startSeconds, row.kind)} – ${when(row.endSeconds, row.kind)}`;

export function ago(instant) {
  const seconds = (Date.now() - new Date(instant)) / 1000;
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return day.format(new Date(instant));
}
export const many = (value) => Number(value).toLocaleString();
export const cosine = (value) => (value === null || value === undefined ? '–' : Number(value).toFixed(2));

export function toast(text, { bad = false, action, label } = {}) {
  const note = h(`div.toast${bad ? '.bad' : ''}`, {}, h('span', {}, text));
  if (action) note.append(h('button', { type: 'button', onclick: () => { note.remove(); action(); } }, label));
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), action ? 12000 : 5000);
}

/** Does something that may be refused, and says why when it is. */
export async function attempt(work) {
  try {
    return await work();
  } catch (fault) {
    toast(fault instanceof Refused ? fault.message : 'The server cannot be reached.', { bad: true });
    return undefined;
  }
}

/** Corrects who is who, and offers to take it back. */
export async function revise(path, value, said, after) {
  const entry = await attempt(() => send('POST', path, value));
  if (!entry) return false;
  toast(said, {
    label: 'Undo',
    action: async () => {
      if (await attempt(() => send('POST', `/v1/revisions/${entry.position}/undo`))) {
        toast('Taken back.');
        after();
      }
    },
  });
  after();
  return true;
}

export const merge = (one, other, after) =>
  revise(`/v1/persons/${one}/merge`, { other }, `Persons ${Math.min(one, other)} and ${Math.max(one, other)} are one.`, after);

/** Asks before what cannot be taken back. */
export function confirm(title, text, verb) {
  return new Promise((answer) => {
    const box = h('dialog', { 'aria-labelledby': 'asked' },
      h('form', { method: 'dialog' }, h('h1', { id: 'asked' }, title), h('p', {}, text),
        h('div.acts', {}, h('button', { value: 'no', autofocus: true }, 'Cancel'), h('button.danger', { value: 'yes' }, verb))));
    box.addEventListener('close', () => { answer(box.returnValue === 'yes'); box.remove(); });
    document.body.append(box);
    box.showModal();
  });
}

/** A list in parts: the next one each time it is called, nothing behind the last. */
export function parts(path, values, size = 100) {
  let cursor;
  let over = false;
  let busy = null;
  return () => {
    if (over) return Promise.resolve([]);
    busy ??= get(path, { ...values, cursor, limit: size })
      .then((part) => { cursor = part.next; over = !part.next; return part.items; })
      .finally(() => { busy = null; });
    return busy;
  };
}

/**
 * A list as a whole, up to a bound.
 *
 * @param enough told of each part as it comes; whether nothing behind it is wanted
 */
export async function whole(path, enough = () => false, size = 200) {
  const next = parts(path, {}, size);
  const items = [];
  for (let part = await next(); part.length; part = await next()) {
    items.push(...part);
    if (enough(part) || items.length >= 5000) break;
  }
  return items;
}

export const empty = (title, text) => h('div.empty', {}, h('b', {}, title), text);
export const button = (text, onclick, kind = '') => h(`button${kind}`, { type: 'button', onclick }, text);

// What is dragged is said by its kind, so that a field knows what it can take before it is dropped.
const KIND = 'application/x-paseo-';

/** Lets an element be dragged: a person by number, a sequence by id. */
export function drags(element, kind, value) {
  element.draggable = true;
  element.addEventListener('dragstart', (event) => {
    event.stopPropagation();
    event.dataTransfer.setData(KIND + kind, value);
    event.dataTransfer.effectAllowed = 'move';
  });
  return element;
}

/** Lets what is dragged be dropped on an element. */
export function takes(element, kind, take) {
  const mine = (event) => event.dataTransfer.types.includes(KIND + kind);
  element.addEventListener('dragover', (event) => {
    if (mine(event)) {
      event.preventDefault();
      element.classList.add('over');
    }
  });
  element.addEventListener('dragleave', (event) => { if (!element.contains(event.relatedTarget)) element.classList.remove('over'); });
  element.addEventListener('drop', (event) => {
    if (!mine(event)) return;
    event.preventDefault();
    element.classList.remove('over');
    take(event.dataTransfer.getData(KIND + kind));
  });
  return element;
}
