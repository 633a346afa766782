// Which view is shown, and what all of them share: the token, the live connection, the theme.
import { get, listen, onUnauthorised, setToken, takeToken } from './api.js';
import { h, toast } from './parts.js';
import { cameras } from './cameras.js';
import { people } from './people.js';
import { person } from './person.js';
import { now, review, search, system } from './views.js';

const VIEWS = {
  now: ['Now', now, 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18'],
  people: ['People', people, 'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M3 20c0-3.500 2.700-6 6-6s6 2.500 6 6M16 5a3 3 0 0 1 0 6M17.500 14.300c2.100.8 3.500 2.900 3.500 5.700'],
  search: ['Search', search, 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5'],
  review: ['Review', review, 'M4 12l5 5L20 6'],
  cameras: ['Cameras', cameras, 'M4 7h11a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2M17 11l5-3v8l-5-3'],
  system: ['System', system, 'M4 6h16M4 12h16M4 18h16M8 4v4M15 10v4M10 16v4'],
};

const main = document.getElementById('main');
const state = document.getElementById('link');
let me = { scopes: [] };
let view = {};
// Sightings that come while a view is being made, for it to show then: it reads what is stored only once.
let meanwhile = null;
const MEANWHILE = 300;
let leaving = new AbortController();

const nav = document.getElementById('nav');
for (const [key, [label, , shape]] of Object.entries(VIEWS)) {
  nav.append(h('a', { href: `#/${key}`, 'data-view': key }, h('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, h('path', { d: shape })), label));
}

async function show() {
  const [key, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  const name = key === 'person' ? 'person' : VIEWS[key] ? key : 'now';
  leaving.abort();
  leaving = new AbortController();
  const mine = leaving;
  view = {};
  const sightings = meanwhile = [];
  for (const link of nav.children) {
    const current = link.dataset.view === (name === 'person' ? 'people' : name);
    if (current) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }
  const root = h('div', { 'data-view': name });
  main.replaceChildren(root);
  main.setAttribute('aria-busy', 'true');
  scrollTo(0, 0);
  document.title = name === 'person' ? `Person ${rest[0]} · Paseo` : `${VIEWS[name][0]} · Paseo`;
  const make = name === 'person' ? person : VIEWS[name][1];
  const made = await make(root, { arguments: rest, signal: mine.signal, me, reload: () => { if (mine === leaving || (name === 'person' && location.hash.startsWith('#/person/'))) show(); } });
  if (mine === leaving) {
    view = made ?? {};
    meanwhile = null;
    main.removeAttribute('aria-busy');
    for (const sighting of sightings) view.onSighting?.(sighting);
  }
}

/** Asks for a token, where the address has brought none that is good. */
function askForToken() {
  if (document.querySelector('dialog[data-token]')) return;
  const field = h('input', { id: 'token', autocomplete: 'off', spellcheck: 'false', required: true, pattern: '\\s*paseo_[\\w\\-]+\\s*' });
  const box = h('dialog', { 'data-token': true, 'aria-labelledby': 'who' }, h('form', { method: 'dialog' },
    h('h1', { id: 'who' }, 'Who is asking?'), h('p.soft', {}, '‘paseo run’, ‘paseo watch’ and ‘paseo open’ print an address that opens this page. Or paste a token:'),
    h('label.sr', { for: 'token' }, 'Token'), field, h('div.acts', {}, h('button.main', {}, 'Open'))));
  box.addEventListener('cancel', (event) => event.preventDefault());
  box.addEventListener('close', () => {
    setToken(field.value.trim());
    box.remove();
    start();
  });
  document.body.append(box);
  box.showModal();
}

let listening = false;
let connected;
let live;

function say() {
  const known = connected !== undefined && live !== undefined;
  state.className = known && live ? `link ${connected ? 'live' : 'off'}` : 'link';
  state.textContent = connected === false ? 'connecting again…' : !known ? 'connecting…' : live ? 'live' : 'stored people only';
}

/** Asks until the server has said whether anything can come. */
async function askWhetherLive() {
  try {
    ({ live } = await get('/v1/system'));
    say();
  } catch (fault) {
    if (fault.status !== 401) setTimeout(askWhetherLive, 3000);
  }
}

function take(sighting) {
  if (!meanwhile) view.onSighting?.(sighting);
  else if (meanwhile.push(sighting) > MEANWHILE) meanwhile.shift();
}

/** Begins to listen, unless that goes on already; comes back when the server listens to it, or cannot be reached. */
function hear() {
  if (listening) return Promise.resolve();
  listening = true;
  return new Promise((resume) => {
    listen(take, show, (on) => { connected = on; say(); resume(); }).then(() => { listening = false; resume(); });
  });
}

async function start() {
  try {
    me = await get('/v1/me');
  } catch (fault) {
    if (fault.status !== 401) {
      toast('The server cannot be reached; trying again.', { bad: true });
      setTimeout(start, 3000);
    }
    return;
  }
  if (live === undefined) askWhetherLive();
  // Before the view reads what is stored: what comes between the two would be missed.
  await hear();
  await show();
}

function theme(choice) {
  document.documentElement.dataset.theme = choice;
  document.getElementById('theme').textContent = choice === 'dark' ? 'Light' : 'Dark';
}
theme(localStorage.getItem('paseo-theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
document.getElementById('theme').addEventListener('click', () => {
  const choice = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  localStorage.setItem('paseo-theme', choice);
  theme(choice);
});

document.getElementById('goto').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = document.getElementById('number');
  if (field.value) location.hash = `#/person/${Number(field.value)}`;
  field.value = '';
});

// The address says which view is shown, so this link must not change it.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

// g and a letter goes to a view, / to a person.
let went = 0;
addEventListener('keydown', (event) => {
  if (event.target.closest('input, select, textarea, dialog') || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    document.getElementById('number').focus();
  } else if (event.key === 'g') {
    went = Date.now();
  } else if (Date.now() - went < 1200) {
    const key = Object.keys(VIEWS).find((name) => name[0] === event.key);
    // The letter is not meant for the view that is left: there it may be a verdict.
    event.stopImmediatePropagation();
    went = 0;
    if (key) location.hash = `#/${key}`;
  }
});

onUnauthorised(askForToken);
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=')) {
    takeToken();
    start();
  } else {
    show();
  }
});
takeToken();
start();
