// What each camera sees now: its latest picture with boxes, each with its person's number as soon as that is known.
import { get } from './api.js';
import { colour, h, whole } from './parts.js';

const PAUSE = 350;
const MEMORY = 2500;
const MOST = 9;

/** Cards of everything that is being looked at; they come and go by themselves. */
export function scenes(signal) {
  const root = h('section.scenes', { 'aria-label': 'Live pictures' });
  const cards = new Map();
  let round = 0;

  /** What begins is in front of the list; only what has gone on for long may be behind many files, once in a minute. */
  async function find() {
    const all = round++ % 15 === 0;
    await whole('/v1/cameras', (part) => {
      part.forEach(begin);
      return !all || cards.size >= MOST;
    }, all ? 200 : 50).catch(() => {});
  }

  function begin(row) {
    if (['live', 'started'].includes(row.state) && !cards.has(row.camera) && cards.size < MOST) {
      cards.set(row.camera, null);
      watch(row);
    }
  }

  async function watch(row) {
    const canvas = h('canvas', { role: 'img', 'aria-label': `Live picture of ${row.source}` });
    const people = h('span.soft');
    const card = h('div.card', {}, h('div.scene', {}, canvas), h('p', {}, h('span.dot.live'), h('b', {}, row.source), people));
    const known = [];
    let misses = 0;
    while (!signal.aborted && misses < 12) {
      if (!document.hidden) {
        try {
          const scene = await get(`/v1/cameras/${encodeURIComponent(row.camera)}/scene`);
          misses = scene ? 0 : misses + 1;
          if (scene) {
            const inView = await draw(canvas, scene, known);
            people.textContent = inView.length ? `person ${inView.join(', ')}` : '';
            if (!card.isConnected && !signal.aborted) root.append(card);
          }
        } catch {
          misses = 12;
        }
      }
      await new Promise((resume) => setTimeout(resume, PAUSE));
    }
    card.remove();
    cards.delete(row.camera);
  }

  find();
  const timer = setInterval(find, 4000);
  signal.addEventListener('abort', () => clearInterval(timer));
  return root;
}

const overlap = (a, b) => {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return width * height / (a[2] * a[3] + b[2] * b[3] - width * height);
};

/** Draws a scene; the numbers of who is in it. A box that has no number yet takes that of the box it has moved from. */
async function draw(canvas, scene, known) {
  const time = performance.now();
  for (const box of scene.boxes) if (box.person) known.unshift({ ...box, time });
  while (known.length && (known.length > 400 || time - known.at(-1).time > MEMORY)) known.pop();
  const bytes = Uint8Array.from(atob(scene.jpeg), (character) => character.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  canvas.width = picture.width;
  canvas.height = picture.height;
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0);
  picture.close();
  const scale = canvas.width / scene.width;
  const inView = new Set();
  for (const box of scene.boxes.filter((one) => one.frame === scene.frame)) {
    const person = box.person ?? known.find((one) => overlap(one.box, box.box) > 0.3)?.person;
    if (person) known.unshift({ ...box, person, time });
    const [x, y, width, height] = box.box.map((side) => side * scale);
    pen.lineWidth = Math.max(2, canvas.width / 400);
    pen.strokeStyle = person ? colour(person) : box.usable ? '#ffffff' : '#ffffff88';
    pen.strokeRect(x, y, width, height);
    if (!person) continue;
    inView.add(person);
    const size = Math.max(14, canvas.width / 40);
    pen.font = `bold ${size}px system-ui`;
    const label = String(person);
    const wide = pen.measureText(label).width + size * 0.7;
    pen.fillStyle = colour(person);
    pen.fillRect(x - pen.lineWidth / 2, Math.max(0, y - size * 1.3), wide, size * 1.3);
    pen.fillStyle = '#fff';
    pen.fillText(label, x + size * 0.3, Math.max(size, y - size * 0.3));
  }
  return [...inView].sort((one, other) => one - other);
}
