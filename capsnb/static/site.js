// The explorer without a server: the network runs in the page, through ONNX Runtime Web, which is loaded when it is first needed.
// Images as they are were answered when the site was made; see 42_page.ipynb, which writes everything that is read here.
import {explorers} from './explorer.js';

const here = new URL('.', import.meta.url), get = async name => {
  const r = await fetch(new URL(name, here)).catch(() => { throw new Error(`${name} could not be loaded; is there a connection?`); });
  if (!r.ok) throw new Error(`${name} could not be loaded (${r.status})`);
  return r;
};
const bytes = async name => new Uint8Array(await (await get(name)).arrayBuffer());

let library = null;
const runtime = () => library ??= (async () => {
  const ort = await import('./ort.wasm.min.mjs');
  ort.env.wasm.numThreads = 1;                                   // more need headers that a plain web server does not send
  ort.env.wasm.wasmPaths = here.href;
  return ort;
})().catch(e => { library = null; throw e; });

function sessions(folder) {                                      // the two networks in a folder, loaded when they are first needed
  let loading = null, loaded = false;
  const get = () => loading ??= (async () => {
    const ort = await runtime();
    const [look, redraw] = await Promise.all(['network.onnx', 'decoder.onnx'].map(async f => ort.InferenceSession.create(await bytes(`${folder}/${f}`), {executionProviders: ['wasm']})));
    loaded = true;
    return {ort, look, redraw};
  })().catch(e => { loading = null; throw e; });
  return {get, get loaded() { return loaded; }};
}

function engine(setup, answers, nets) {
  const {size, dims, iters, vocab} = setup, J = vocab.length, meta = {...setup.grid, iters, kept: vocab.map((_, j) => j), predicted: []};
  const known = i => Object.fromEntries(setup.arrays.map(([name, type, at, n]) => {
    const b = answers.slice(i*setup.stride + at, i*setup.stride + at + n);
    return [name, type === 'uint8' ? b : new Float32Array(b.buffer)];
  }));
  async function redrawn(caps, cls) {                            // cls: the class of each capsule
    const {ort, redraw} = await nets.get(), n = cls.length, alone = new Float32Array(n*J*dims);
    cls.forEach((j, i) => alone.set(caps.subarray(i*dims, (i + 1)*dims), (i*J + j)*dims));
    const out = await redraw.run({caps: new ort.Tensor('float32', alone, [n, J, dims])});
    return Uint8Array.from(out.images.data, v => Math.round(255*Math.min(1, Math.max(0, v))));
  }
  return {
    waiting: () => nets.loaded ? 'waiting for an answer…' : 'loading the network and what it runs on (15 MB, once)…',
    async look(px, sample) {
      if (sample !== null) return {...meta, ...known(sample)};
      const {ort, look} = await nets.get(), out = await look.run({image: new ort.Tensor('float32', Float32Array.from(px, v => v/255), [1, ...size])});
      const a = {...meta, ...Object.fromEntries(Object.entries(out).map(([name, t]) => [name, t.data]))};
      a.recon = await redrawn(a.caps, Array.from({length: iters*J}, (_, i) => i % J));
      return a;
    },
    async attack(px, name, radius) {                             // `square` of 23_attacks.ipynb, which asks for no gradient
      const {ort, look} = await nets.get(), [c, h, w] = size, tries = 200, below = n => Math.floor(n*Math.random()), sign = () => Math.random() < .5 ? -1 : 1;
      const says = async x => (await look.run({image: new ort.Tensor('float32', x, [1, ...size])}, ['lengths'])).lengths.data.slice(-J);
      const x = Float32Array.from(px, v => v/255), first = await says(x), y = first.indexOf(Math.max(...first));
      const margin = l => Math.max(...l.filter((_, j) => j !== y)) - l[y];
      let best = x, top = margin(first), d = new Float32Array(c*h*w);
      for (let k = 0; k < tries; k++) {
        const halved = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000].filter(at => 10000*k/tries > at).length;
        const side = Math.min(h, w, Math.max(1, Math.round(Math.sqrt(.8/2**halved*h*w)))), [top0, left] = [below(h - side + 1), below(w - side + 1)], next = d.slice();
        for (let i = 0; i < c; i++) {
          const s = sign();
          if (k) for (let v = top0; v < top0 + side; v++) next.fill(s, (i*h + v)*w + left, (i*h + v)*w + left + side);
          else for (let u = 0; u < w; u++) { const stripe = sign(); for (let v = 0; v < h; v++) next[(i*h + v)*w + u] = stripe; }
        }
        const z = x.map((v, i) => Math.min(1, Math.max(0, v + radius*next[i]))), worth = margin(await says(z));
        if (worth > top) [best, top, d] = [z, worth, next];
      }
      return Uint8Array.from(best, v => Math.round(255*v));
    },
    redraw: (caps, cls) => redrawn(caps, Array(caps.length/dims).fill(cls)),
  };
}

const places = document.querySelectorAll('.capsnb-explorer');
if (places.length) {
  try {
    const [setup, samples] = await Promise.all([get('setup.json').then(r => r.json()), bytes('samples.bin')]), known = {};
    const folder = name => setup.networks[name].folder;
    const engines = name => known[name] ??= bytes(`${folder(name)}/answers.bin`).then(answers => engine(setup.networks[name], answers, sessions(folder(name))))
      .catch(e => { delete known[name]; throw e; });
    await engines(Object.keys(setup.networks)[0]);
    for (const el of places) explorers(el, engines, {...setup, samples});
  } catch (e) { for (const el of places) el.prepend(`The explorer could not be started: ${e.message}`); }
}
