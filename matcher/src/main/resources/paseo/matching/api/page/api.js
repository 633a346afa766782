// The one way to the server: every request carries the token, which lives in this tab only.
const KEY = 'paseo-token';

/** Takes a token out of the address (#token=…), so that it is neither seen nor kept in the history. */
export function takeToken() {
  const given = /^#token=([\w-]+)$/.exec(location.hash);
  if (given) {
    sessionStorage.setItem(KEY, given[1]);
    history.replaceState(null, '', '#/now');
  }
  return sessionStorage.getItem(KEY);
}

export const setToken = (token) => sessionStorage.setItem(KEY, token);

/** An answer that is not what was hoped for; the message is the server's. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let unauthorised = () => {};
export const onUnauthorised = (listener) => { unauthorised = listener; };

async function request(method, path, { body, type, headers, signal } = {}) {
  const answer = await fetch(path, {
    method, body, signal,
    headers: { Authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ''}`, ...(type && { 'Content-Type': type }), ...headers },
  });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401) unauthorised();
  throw new Refused(answer.status, problem.detail ?? problem.title ?? `The server answered ${answer.status}.`);
}

const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? '?' + new URLSearchParams(given) : '';
};

export const get = async (path, values = {}) => {
  const answer = await request('GET', path + query(values));
  return answer.status === 204 ? null : answer.json();
};
export const send = async (method, path, value) => {
  const answer = await request(method, path, value === undefined ? {} : { body: JSON.stringify(value), type: 'application/json' });
  return answer.status === 204 ? null : answer.json();
};
export const sendPicture = async (path, blob) => (await request('POST', path, { body: blob, type: 'image/jpeg' })).json();
export const getBlob = async (path, values = {}) => (await request('GET', path + query(values))).blob();

// Pictures: a few at a time, the latest several hundred kept.
const kept = new Map();
const queue = [];
let running = 0;

/** Shows a picture in an element as soon as it is there, unless the element has gone meanwhile. */
export function showPicture(element, path) {
  const known = kept.get(path);
  if (known) {
    kept.delete(path);
    kept.set(path, known);
    element.src = known;
    return;
  }
  queue.push({ element, path });
  next();
}

function next() {
  while (running < 6 && queue.length) {
    const { element, path } = queue.pop();
    running++;
    setTimeout(async () => {
      try {
        if (element.isConnected) {
          let url = kept.get(path);
          if (!url) {
            url = URL.createObjectURL(await getBlob(path));
            kept.set(path, url);
            if (kept.size > 800) forget();
          }
          element.src = url;
        }
      } catch {
        element.classList.add('none');
      } finally {
        running--;
        next();
      }
    });
  }
}

function forget() {
  const [path, url] = kept.entries().next().value;
  kept.delete(path);
  URL.revokeObjectURL(url);
}

/** Listens to live sightings for ever; comes back by itself, behind the last one it got. */
export async function listen(onSighting, onReset, onState) {
  let last;
  let wait = 500;
  for (;;) {
    try {
      const answer = await request('GET', '/v1/events', { headers: last ? { 'Last-Event-ID': last } : {} });
      onState(true);
      wait = 500;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const parts = (rest + value).split('\n\n');
        rest = parts.pop();
        for (const part of parts) {
          const fields = Object.fromEntries(part.split('\n').filter((line) => !line.startsWith(':'))
            .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
          if (fields.id) last = fields.id;
          if (fields.event === 'sighting') onSighting(JSON.parse(fields.data));
          if (fields.event === 'reset') onReset();
        }
      }
    } catch (fault) {
      if (fault.status === 401) return;
    }
    onState(false);
    await new Promise((resume) => setTimeout(resume, wait));
    wait = Math.min(wait * 2, 8000);
  }
}
