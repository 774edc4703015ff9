// The routing explorer: an image or a text, what routing does with it, and what can be redrawn from a capsule.
// It asks an engine, in a notebook Python, in the documentation ONNX Runtime, and draws what it answers:
//   engine.look(pixels, i, cls)   pixels: Uint8Array (c, h, w), or null if the network does not see pixels; i: the number of the sample that this is, or null; cls: a class to be among those that are kept, or null
//     -> {kept, iters, types, h, w, predicted, couplings (iters, types, h, w, kept) or null, presence (types, h, w), lengths (iters, kept),
//         shares (iters, kept), maps (iters, h, w, kept), entropy (iters), even, adds (as couplings) or null, caps (iters, kept, d), recon (iters, kept, c', h', w') as bytes, or null,
//         votes (types, h, w, kept, 3: along, across, length), sums (iters, kept, 2), agreement (iters, kept), as in `RoutingSteps`, or null}
//   engine.redraw(caps, cls)   caps: Float32Array (n, d), cls: the number of their class  -> Uint8Array (n, c', h', w')
//   engine.attack(pixels, name, radius)  -> Uint8Array (c, h, w): pixels that are each changed by no more than radius, 0 to 1
//   engine.read(text, cls)     -> as `look`, where h is 1 and w the number of words (or 1, if capsules have read all of them); and {words, known: of each, whether the network knows it, notes, says (words, kept): what each word adds in the end, or null, rest (kept)}
// setup: {vocab, dims, iters, labels, several, gives: as `Routing.gives`, idea: as `Routing.idea`, sure: 'length' or 'activation' of the capsules that vote}, and
//   of images {size: [c, h, w], shown: [c, h, w] of samples, area: [left, right, top, bottom] of the places of capsules, recon: [c, h, w] or null, samples: Uint8Array, draw, pose,
//     attacks: names, watch: {threshold, false_alarms} or null: how far redrawn images usually are from what they should be}
//   of texts {sentences, between: what is between words, reach: [before, after] words that a capsule has read, or null}

const objectColours = ['#ff5a4d', '#4dbfff', '#ffd84d', '#7be06b', '#d78bff', '#ff9f40'];
const more = [230, 97, 1], less = [94, 60, 153], there = [74, 134, 197];   // orange: more than an even share, purple: less; blue: how long a capsule is
const steps = Array.from({length: 11}, (_, k) => (k - 5)*.05);   // what a pose is moved by

function make(tag, attrs = {}, ...children) {                    // an element: make('div.name', {onclick: ...}, 'text', element)
  const [name, ...classes] = tag.split('.'), el = document.createElement(name);
  if (classes.length) el.className = classes.map(c => 'ce-' + c).join(' ');
  for (const [k, v] of Object.entries(attrs)) k in el ? el[k] = v : el.setAttribute(k, v);
  el.append(...children.filter(c => c != null));
  return el;
}
const canvas = (w, h, label) => make('canvas', {width: w, height: h, role: 'img', 'aria-label': label ?? ''});
const slider = (label, min, max, step, onchange, shown = v => v) => {
  const out = make('output'), input = make('input', {type: 'range', min, max, step, value: Math.max(0, min), 'aria-label': label});
  const set = v => { input.value = v; out.textContent = shown(+input.value); };
  input.addEventListener('input', () => { set(input.value); onchange(+input.value); });
  set(input.value);
  return {el: make('label.slider', {}, make('span', {}, label), input, out), input, set, get value() { return +input.value; }};
};
const deceits = {fgsm: 'one step along the gradient (FGSM)', pgd: 'many steps (PGD)', votes: 'many steps, against the votes', votes_redraw: 'against the votes, and redrawn well', square: 'squares at random, no gradient'};
const names = {length: 'length', probability: 'activation', distribution: 'probability', logits: 'probability'};   // of how sure a class capsule is
const coloursOf = onchange => make('select', {title: 'what the colours show', 'aria-label': 'what the colours show', onchange: () => onchange()}, make('option', {value: 'couplings'}, 'votes given to the class'), make('option', {value: 'adds'}, 'what that adds to its length'));
const button = (text, title, onclick) => make('button', {type: 'button', textContent: text, title, onclick});

async function readImage(blob) {                                 // null if it is none; what has no pixels of its own, such as SVG, takes the other way
  try { return await createImageBitmap(blob); } catch { /* below */ }
  const im = new Image();
  im.src = URL.createObjectURL(blob);
  try { await im.decode(); return im; } catch { return null; } finally { URL.revokeObjectURL(im.src); }
}
function toRGBA(px, [c, h, w], at = 0) {                         // bytes (c, h, w) to ImageData; other than 3 channels are shown as their mean
  const out = new ImageData(w, h), n = h*w;
  const mean = i => { let sum = 0; for (let k = 0; k < c; k++) sum += px[at + k*n + i]; return sum/c; };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < 3; k++) out.data[4*i + k] = c === 3 ? px[at + k*n + i] : mean(i);
    out.data[4*i + 3] = 255;
  }
  return out;
}
function fromRGBA(data, [c, h, w]) {                             // ImageData to bytes (c, h, w)
  const n = h*w, d = data.data, out = new Uint8Array(c*n);
  for (let i = 0; i < n; i++) {
    if (c === 1) out[i] = Math.round(.299*d[4*i] + .587*d[4*i+1] + .114*d[4*i+2]);
    else for (let k = 0; k < c; k++) out[k*n + i] = d[4*i + k];
  }
  return out;
}
const put = (cv, px, shape, at) => { [cv.height, cv.width] = shape.slice(1); cv.getContext('2d').putImageData(toRGBA(px, shape, at), 0, 0); };
const blank = (cv, [, h, w]) => { cv.width = w; cv.height = h; cv.getContext('2d').fillRect(0, 0, w, h); };
const doublings = v => Math.log2(Math.max(v, 1/64)), times = d => (2**d).toPrecision(2);   // colours count doublings of an even share
const round = v => { const ten = 10**Math.floor(Math.log10(v)); return ten*[1, 2, 5, 10].find(k => k*ten >= .999*v); };   // 1, 2, 5, 10, 20, ...
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
const hex = s => [1, 3, 5].map(k => parseInt(s.slice(k, k + 2), 16));

// ---- a plot of votes for one class: points in two directions, brighter where they count more, and the arrow of what they come to
const drawn = (tag, attrs = {}) => {
  const el = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [k, v] of Object.entries(attrs)) el.setAttribute(k, v);
  return el;
};
function votePlot(onpick, onstep) {                              // onpick(n or null, pinned): a vote is pointed at, or clicked; onstep(by): the next or the one before is wanted
  const svg = drawn('svg', {class: 'ce-plot', tabindex: 0, role: 'group'}), title = make('span.class'), size = make('span.size'), el = make('figure.votes', {}, make('figcaption', {}, title, size), svg);
  const axes = drawn('g', {class: 'ce-axes'}), cloud = drawn('g'), arrow = drawn('g', {class: 'ce-arrow'}), tip = drawn('path'), head = drawn('path');
  const [level, upright] = [drawn('path'), drawn('path')], [along, across] = [drawn('text'), drawn('text')];
  axes.append(level, upright, along, across); arrow.append(tip, head); svg.append(axes, cloud, arrow);
  let at = [], end = [0, 0], moving = null;                      // where votes are in the plot, where the arrow ends
  function point([x, y], [x0, y0]) {
    const long = Math.hypot(x - x0, y - y0), [ex, ey] = long ? [(x - x0)/long, (y - y0)/long] : [1, 0], h = Math.min(13, long), [mx, my] = [x - h*ex, y - h*ey];
    tip.setAttribute('d', `M${x0} ${y0}L${x - .8*h*ex} ${y - .8*h*ey}`);
    head.setAttribute('d', `M${x} ${y}L${mx - .55*h*ey} ${my + .55*h*ex}L${mx + .55*h*ey} ${my - .55*h*ex}Z`);
    arrow.style.display = long < 1 ? 'none' : '';
    end = [x, y];
  }
  function move(to, from) {                                      // the arrow grows
    cancelAnimationFrame(moving);
    const was = end, since = performance.now();
    if (calm() || Math.hypot(to[0] - was[0], to[1] - was[1]) < 1) return point(to, from);
    const step = now => { const k = Math.min(1, (now - since)/450), e = k*(2 - k); point(was.map((v, i) => v + e*(to[i] - v)), from); if (k < 1) moving = requestAnimationFrame(step); };
    moving = requestAnimationFrame(step);
  }
  const near = e => {
    const b = svg.getBoundingClientRect(), [x, y] = [e.clientX - b.left, e.clientY - b.top];
    let best = null, least = 16;
    at.forEach(([vx, vy, seen], n) => { const d = Math.hypot(vx - x, vy - y) + (seen ? 0 : 8); if (d < least) [best, least] = [n, d]; });
    return best;
  };
  svg.addEventListener('pointermove', e => { if (e.pointerType === 'mouse') onpick(near(e), false); });
  svg.addEventListener('pointerleave', () => onpick(null, false));
  svg.addEventListener('click', e => onpick(near(e), true));
  svg.addEventListener('keydown', e => {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[e.key];
    if (by) onstep(by); else if (e.key === 'Escape') onpick(null, true); else return;
    e.preventDefault();
  });
  // o: {name, sure, label, votes: [{along, across, weight: -1 to 1 against an even share, there: 0 to 1}], sum: [along, across] as drawn, or null, box: [left, right, bottom, top], lit: n => is it looked at?}
  function draw(o) {
    const w = svg.clientWidth || 300, h = Math.round(.8*w), [left, right, low, high] = o.box, pad = 14, k = Math.min((w - 2*pad)/(right - left), (h - 2*pad)/(high - low));
    const x0 = (w - k*(left + right))/2, y0 = (h + k*(low + high))/2, place = (a, b) => [x0 + k*a, y0 - k*b];
    svg.setAttribute('viewBox', `0 0 ${w} ${h}`); svg.style.height = `${h}px`; svg.setAttribute('aria-label', o.label);
    title.replaceChildren(make('b', {}, `votes for “${o.name}”`)); size.textContent = o.sure;
    level.setAttribute('d', `M3 ${y0}H${w - 4}m-6 -4l6 4l-6 4`); upright.setAttribute('d', `M${x0} ${h - 4}V4`);
    along.textContent = 'along'; across.textContent = 'across';
    for (const [t, x, y, anchor] of [[along, w - 5, y0 + (y0 > h - 20 ? -7 : 16), 'end'], [across, ...(x0 < 52 ? [x0 + 5, 12, 'start'] : [x0 - 5, 12, 'end'])]]) { t.setAttribute('x', x); t.setAttribute('y', y); t.setAttribute('text-anchor', anchor); }
    while (cloud.children.length > o.votes.length) cloud.lastChild.remove();
    while (cloud.children.length < o.votes.length) { const g = drawn('g'); g.append(drawn('path'), drawn('circle')); cloud.append(g); }
    const few = o.votes.length <= 300;
    at = o.votes.map((v, n) => {
      const g = cloud.children[n], [line, dot] = g.children, [x, y] = place(v.along, v.across), up = Math.max(0, v.weight), down = Math.max(0, -v.weight), lit = o.lit(n);
      const seen = (.5 + .5*up - .38*down)*Math.min(1, .06 + 1.5*v.there);
      line.setAttribute('d', few || lit ? `M${x0} ${y0}L${x} ${y}` : '');
      dot.setAttribute('cx', x); dot.setAttribute('cy', y); dot.setAttribute('r', lit ? 5.5 : 2.4 + 2*up);
      g.setAttribute('class', lit ? 'ce-lit' : '');
      g.style.opacity = lit ? 1 : seen;
      g.style.setProperty('--ce-vote', up ? `color-mix(in srgb, var(--ce-orange) ${Math.round(100*Math.min(1, 2.5*up))}%, var(--ce-soft))` : down ? `color-mix(in srgb, var(--ce-purple) ${Math.round(100*Math.min(1, 2*down))}%, var(--ce-soft))` : 'var(--ce-soft)');
      return [x, y, seen > .15];
    });
    move(o.sum ? place(...o.sum) : [x0, y0], [x0, y0]);
  }
  return {el, svg, draw};
}

// ---- the explorer: a plot of votes, a slider, classes, words and a tour. What is looked at, an image or a text, brings the rest:
//   {seen, routing: sections; voting, says: elements above the votes, and below the classes; below: what comes last, or null; ask(cls): a promise of an answer; draw();
//    mark(place or null): show it; straight(): another class is chosen; begin(begin), now(): what to begin with; truth(): the label, or ''; empty(): is there nothing?;
//    noun, sees, guess, hint, where(place), counts(answer), supposes(name), mostly(), parts(), if there are any: words; stops(): those of the tour that come first, and last}
//   A place is [type, row, column], or [null, row, column] for those of all types.
export function explorer(root, engine, setup, begin = null) {   // begin: what `seen` said of another explorer; null: the first image
  const {vocab, iters} = setup, sure = setup.sure ?? 'length';
  let answer = null, iter = iters, cls = null, playing = null;

  // ---- the parts of the page
  const status = make('p.status', {role: 'status'}), verdict = make('p.verdict'), bars = make('div.bars', {role: 'radiogroup', 'aria-label': 'class'});
  const time = slider('iteration', 0, iters, 1, v => moment(v), v => `${v} of ${iters}`);
  if (!begin && !setup.pose && !calm()) iter = 0;                // it begins with all votes in, and plays once
  time.set(iter);
  const play = button('▶ play', 'go through the iterations', () => playing ? stop() : start());
  const told = make('p.told', {'aria-live': 'polite'}), pickedIs = make('p.picked', {'aria-live': 'polite'}), key = make('p.hint');
  let picked = null, pointed = null, order = [];                 // a vote [type, row, column], or a place [null, row, column]: clicked, and pointed at; votes by what they count
  const plots = [0, 1].map(() => votePlot(pointAt, step));
  const figures = make('details', {}, make('summary', {}, 'In figures')), duel = make('div.duel', {}, plots[0].el, plots[1].el);
  new ResizeObserver(() => { if (answer?.votes && duel.clientWidth !== +duel.dataset.wide) { duel.dataset.wide = duel.clientWidth; drawVotes(); } }).observe(duel);
  const words = make('p.words'), others = make('select', {'aria-label': 'another class', onchange: () => { cls = +others.value; subject.straight(); answer.kept.includes(cls) ? draw() : ask(); }}, ...vocab.map((v, j) => make('option', {value: j}, v)));
  figures.append(words);
  const me = {
    root, engine, setup, sure, status, verdict, ask, say, late, look, draw, stop, moment, steered, chosen, winner, rival,
    get answer() { return answer; }, get iter() { return iter; }, get asking() { return asking; },
  };
  const subject = (setup.sentences ? aText : anImage)(me);
  const voting = make('section.voting', {}, make('h2', {}, setup.gives === 'length' ? 'Do the votes agree?' : 'What the votes come to'), make('div.tools', {}, play, time.el), ...subject.voting, told, duel, pickedIs, key, figures);
  const choice = make('label.hint', {}, `The longest of ${vocab.length} classes, or another one: `, others);
  root.classList.add('ce');
  const offer = button('Show me around', 'a tour of two minutes', () => tour(0)), guide = make('div.tour', {role: 'region', 'aria-label': 'a tour', tabIndex: -1, hidden: true});
  offer.className = 'ce-offer';
  root.classList.toggle('ce-texts', Boolean(setup.sentences));
  root.replaceChildren(setup.pose ? '' : make('div.intro', {}, setup.idea ? make('p.idea', {}, setup.idea) : null, offer),
    make('div.columns', {}, ...(setup.pose ? [subject.seen] : [subject.seen, voting, subject.routing, make('section.says', {}, make('h2', {}, 'What it says'), verdict, bars, vocab.length > 12 ? choice : null, ...subject.says)])), subject.below ?? '', guide);

  // ---- asking: one question at a time, and after it the latest
  let asking = false, again = false;
  function say(text, wrong) { status.textContent = text ?? ''; status.classList.toggle('ce-wrong', Boolean(wrong)); }
  function late() { return setTimeout(() => { root.classList.add('ce-waiting'); say(engine.waiting?.() ?? 'waiting for an answer…'); }, 400); }   // nothing stale is shown as if it were the answer
  async function ask() {
    if (asking) { again = true; return; }
    asking = true;
    const started = performance.now(), slow = late();
    try {
      const was = answer;
      answer = await subject.ask(cls);
      if (was && (setup.sentences || was.types !== answer.types || was.h !== answer.h || was.w !== answer.w)) picked = pointed = null;   // other places
      root.classList.remove('ce-old');
      if (status.classList.contains('ce-wrong') || root.classList.contains('ce-waiting')) say('');
      draw();
      root.dataset.ms = Math.round(performance.now() - started);
    } catch (e) { say(e.message ?? String(e), true); verdict.textContent = `No answer for this ${subject.noun}.`; root.classList.add('ce-old'); }
    root.dataset.answers = 1 + +(root.dataset.answers ?? 0);
    clearTimeout(slow); root.classList.remove('ce-waiting');
    asking = false;
    if (again) { again = false; ask(); }
  }

  // ---- drawing
  function chosen() { return cls !== null && answer.kept.includes(cls) ? cls : winner(); }
  function winner() { const J = answer.kept.length, l = Array.from(answer.lengths.subarray((iters - 1)*J)); return answer.kept[l.indexOf(Math.max(...l))]; }
  function drawFigures() {
    const a = answer, K = a.kept.length, k = a.kept.indexOf(chosen()), name = vocab[chosen()], even = a.even;
    duel.hidden = pickedIs.hidden = key.hidden = figures.hidden = !a.votes;
    if (!a.votes) told.textContent = 'This routing does not say what it gives to whom, so it cannot be seen whether votes agree.';
    if (!a.couplings) { words.textContent = ''; return; }
    const agree = k => `${Math.round(100*a.agreement[(iter - 1)*K + k])} %`, second = rival();
    words.textContent = iter ? `The votes for “${name}”, as they are counted, come to ${agree(k)} of what they would if all pointed the same way${second === null ? '' : `, those for “${vocab[a.kept[second]]}” to ${agree(second)}`}. “${name}” gets ${(100*a.shares[(iter - 1)*K + k]).toFixed(1)} % of all votes (an even share is ${(100*even).toFixed(1)} %). Entropy of the couplings: ${a.entropy[iter - 1].toFixed(3)} of ${Math.log2(1/even).toFixed(3)} bits` +
      (iter > 1 ? `, ${a.entropy[iter - 2] - a.entropy[iter - 1] < .0005 ? 'no' : (a.entropy[iter - 2] - a.entropy[iter - 1]).toFixed(3)} sharper than before.` : Math.log2(1/even) - a.entropy[0] < .0005 ? ': no class is preferred.' : '.') : subject.counts(a);
    if (iter === iters && subject.parts) words.append(` ${subject.parts()}`);
  }
  function rival() {                                             // the strongest of the others; null: there is none
    const last = (iters - 1)*answer.kept.length, others = answer.kept.map((_, k) => k).filter(k => answer.kept[k] !== chosen());
    return others.length ? others.reduce((p, q) => answer.lengths[last + q] > answer.lengths[last + p] ? q : p) : null;
  }
  function votesOf(k) {                                          // everything about the votes for a class, as numbers: by type, row, column
    const a = answer, K = a.kept.length, N = a.types*a.h*a.w, most = a.presence.reduce((p, q) => Math.max(p, q), 1e-6);
    const gives = (r, n) => a.couplings[(r*N + n)*K + k]/a.even, num = (n, i) => a.votes[(n*K + k)*3 + i];
    const share = n => iter ? gives(iter - 1, n) : 1, there = n => a.presence[n]/most, sum = r => [0, 1].map(i => a.sums[(r*K + k)*2 + i]);
    const angle = n => num(n, 2) < 1e-6 ? null : Math.acos(Math.max(-1, Math.min(1, num(n, 0)/num(n, 2))))*180/Math.PI;
    return {k, N, share, there, angle, sum, gives, name: vocab[a.kept[k]], along: n => num(n, 0), across: n => num(n, 1), sure: iter ? a.lengths[(iter - 1)*K + k] : 0, agreement: iter ? a.agreement[(iter - 1)*K + k] : 0};
  }
  function drawVotes() {
    if (!answer?.votes) return;
    const both = [answer.kept.indexOf(chosen()), rival()].filter(k => k !== null).map(votesOf), N = both[0].N, all = Array.from({length: N}, (_, n) => n), lengths = setup.gives === 'length';
    plots[1].el.hidden = both.length < 2;
    let most = .2, least = .2, reach = 1e-6;                    // doublings and halvings of an even share; the longest sum
    const counted = (o, n) => o.there(n) > .05 && o.gives(iters - 1, n) > .25;   // what hardly counts in the end may lie outside
    for (const o of both) {
      for (let r = 0; r < iters; r++) { for (const n of all) { const d = doublings(o.gives(r, n)); most = Math.max(most, d); least = Math.max(least, -d); } o.reach = Math.max(o.reach ?? 1e-6, Math.hypot(...o.sum(r))); }
      reach = Math.max(reach, o.reach);
      o.far = all.reduce((m, n) => counted(o, n) ? Math.max(m, Math.hypot(o.along(n), o.across(n))) : m, 1e-6);
    }
    const far = Math.max(...both.map(o => o.far));
    const part = !lengths || reach < 1.3*far && reach > .3*far ? 1 : reach > far ? round(reach/far) : 1/round(.7*far/reach);   // an arrow as long as votes are is well seen
    const box = [0, 0, 0, 0];                                    // the same for all iterations, and both classes, so that nothing jumps
    const holds = (x, y) => { box[0] = Math.min(box[0], x); box[1] = Math.max(box[1], x); box[2] = Math.min(box[2], y); box[3] = Math.max(box[3], y); };
    both.forEach(o => { for (const n of all) if (counted(o, n)) holds(o.along(n), o.across(n)); for (let r = 0; r < iters; r++) holds(...o.sum(r).map(v => v/part)); });
    for (const i of [0, 2]) if (box[i + 1] - box[i] < .3*far) { box[i] -= .15*far; box[i + 1] += .15*far; }
    order = [...all].sort((p, q) => both[0].there(q)*both[0].share(q) - both[0].there(p)*both[0].share(p));
    const looked = pointed ?? picked, lit = n => looked !== null && (looked[0] === null ? n % (answer.h*answer.w) === looked[1]*answer.w + looked[2] : n === index(looked));
    both.forEach((o, i) => plots[i].draw({name: o.name, box, lit, sum: iter ? o.sum(iter - 1).map(v => v/part) : null,
      sure: `${names[setup.gives] ?? 'length'} ${iter ? o.sure.toFixed(2) : '–'}`,
      label: `${all.filter(n => o.there(n) >= .1).length} votes for “${o.name}” as points; arrow keys go from one to the next`,
      votes: all.map(n => { const d = doublings(o.share(n)); return {along: o.along(n), across: o.across(n), weight: d > 0 ? d/most : d/least, there: o.there(n)}; })}));
    tell(both, all.filter(n => both[0].there(n) >= .1));
    const arrow = lengths ? `the sum of the votes as they are counted${part === 1 ? '' : part > 1 ? `, drawn at 1/${part} of its length` : `, drawn ${Math.round(1/part)} times as long`}; squashed, it is the capsule` : 'the capsule that they come to, whose length does not say how sure the network is';
    key.textContent = `A point is a vote: bright where it counts for more than an even share, pale where for less. Blue arrow: ${arrow}. To the right: along the capsule in the end; upwards: across it, where votes differ most.`;
  }
  const index = ([t, y, x]) => (t*answer.h + y)*answer.w + x;
  function tell(both, here) {                                    // in words
    const [o, other] = both, more = p => here.filter(n => p.share(n) > 1.05).length, same = iter && here.every(n => Math.abs(o.share(n) - 1) < .01), lengths = setup.gives === 'length';
    const many = (n, of) => `${n === of && of > 1 ? `All ${of}` : `${n || 'None'} of the ${of}`} votes for “${o.name}” now count${n === 1 ? 's' : ''} for more than an even share`;
    const ways = v => v > .75 ? 'point nearly the same way' : v > .4 ? 'point much the same way' : v > .13 ? 'begin to point one way' : 'point in many directions';
    if (subject.empty()) told.textContent = `There is nothing in the ${subject.noun}, so nothing votes.`;
    else if (!iter) told.textContent = `${here.length} primary capsules ${subject.sees}, and each has a vote for every class: ${subject.guess}. None has been counted yet.`;
    else if (!lengths) told.textContent = `${same ? `Each vote counts an even share` : many(more(o), here.length)}.` + (other && !same ? ` For “${other.name}” ${more(other) === 1 ? 'it is 1' : `they are ${more(other)}`}.` : '');
    else told.textContent = same ? `Now each vote counts an even share. Those for “${o.name}” ${ways(o.agreement)}, so much of them cancels out.`
      : !more(o) ? `${many(0, here.length)}.` : `${many(more(o), here.length)}. Counted so, they ${ways(o.agreement)}${o.agreement > .4 ? ', and add up' : ''}.` + (other ? ` Those for “${other.name}” ${ways(other.agreement) === ways(o.agreement) ? 'do, too' : ways(other.agreement)}${other.agreement <= .13 ? ', and cancel out' : ''}.` : '');
    const looked = pointed ?? picked, where = looked && subject.where(looked);
    const counts = (p, n) => iter ? `counts ×${p.share(n).toPrecision(2)} for “${p.name}”` : `is for “${p.name}”`;
    const turned = (p, n) => p.angle(n) === null ? '' : ` and points ${Math.round(p.angle(n))}° away from its capsule`;
    if (!looked) pickedIs.textContent = subject.hint;
    else if (looked[0] !== null) pickedIs.textContent = `Vote of type ${looked[0] + 1} ${where}: it ` + both.map(p => counts(p, index(looked)) + turned(p, index(looked))).join('; it ') + '.';
    else {
      const mine = Array.from({length: answer.types}, (_, t) => index([t, looked[1], looked[2]])), close = p => mine.filter(n => p.there(n) >= .1 && p.angle(n) !== null && p.angle(n) < 60).length;
      pickedIs.textContent = `${where[0].toUpperCase()}${where.slice(1)}: ${mine.length === 1 ? 'one vote' : `${mine.length} votes`} for each class, of which less than 60° away from the capsule: ` + both.map(p => `${close(p)} for “${p.name}”`).join(', ') + '.';
    }
    if (iter && lengths && subject.mostly) told.append(` ${subject.mostly()}`);
    subject.mark(looked);
    root.dataset.looked = looked ? looked.map(v => v ?? 'all').join(' ') : '';
  }
  function look(at, pinned) {                                    // at: a vote, a place, or null
    const same = JSON.stringify(at) === JSON.stringify(pinned ? picked : pointed);
    if (pinned) { picked = same ? null : at; pointed = null; } else if (same) return; else pointed = at;
    drawVotes();
  }
  function pointAt(n, pinned) { look(n === null ? null : [Math.floor(n/answer.h/answer.w), Math.floor(n/answer.w) % answer.h, n % answer.w], pinned); }
  function step(by) {                                            // through votes, from those that count most
    const now = picked?.[0] == null ? -1 : order.indexOf(index(picked)), next = now < 0 ? (by > 0 ? 0 : order.length - 1) : (now + by + order.length) % order.length;
    picked = null; pointAt(order[next], true);
  }
  function steered(el, home) {                                   // arrow keys go from place to place; home: [row, column] of the first one
    el.addEventListener('keydown', e => {
      const by = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[e.key];
      if (!answer?.votes || !by && e.key !== 'Escape') return;
      e.preventDefault();
      const [y, x] = home(), [, v, u] = picked ?? [null, y, x], to = by && (picked ? [null, Math.min(answer.h - 1, Math.max(0, v + by[0])), Math.min(answer.w - 1, Math.max(0, u + by[1]))] : [null, y, x]);
      picked = null; look(to ?? null, true);
    });
  }
  bars.addEventListener('keydown', e => {                        // as radio buttons: Tab reaches one, arrow keys the others
    const all = [...bars.children], at = all.indexOf(e.target), by = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[e.key];
    if (!by || at < 0) return;
    e.preventDefault(); all[(at + by + all.length) % all.length].click(); bars.querySelector('[aria-checked=true]')?.focus();
  });
  function drawSays() {
    const a = answer, K = a.kept.length, sure = k => iter ? a.lengths[(iter - 1)*K + k] : 0, win = winner(), last = (iters - 1)*K;
    const tint = j => setup.several ? (a.predicted.includes(j) ? objectColours[a.predicted.indexOf(j) % objectColours.length] : null) : j === win ? '#e66101' : null;
    if (bars.children.length !== K || [...bars.children].some((b, k) => +b.dataset.cls !== a.kept[k]))
      bars.replaceChildren(...a.kept.map(j => make('button.bar', {type: 'button', role: 'radio', 'data-cls': j, title: `look at “${vocab[j]}”`, onclick: () => { cls = j === winner() ? null : j; subject.straight(); draw(); }}, make('span', {}, vocab[j]), make('span.track', {}, make('span.fill')), make('output'))));
    [...bars.children].forEach((b, k) => {
      const v = sure(k), fill = b.querySelector('.ce-fill');
      b.setAttribute('aria-checked', a.kept[k] === chosen()); b.tabIndex = a.kept[k] === chosen() ? 0 : -1;
      fill.style.width = `${100*Math.min(1, v)}%`; fill.style.background = tint(a.kept[k]) ?? '';
      b.lastChild.textContent = iter ? v.toFixed(2) : '–';
    });
    others.value = chosen(); choice.hidden = K === vocab.length;
    const best = a.lengths[last + a.kept.indexOf(win)], lead = a.kept.map((_, k) => sure(k)), first = lead.indexOf(Math.max(...lead)), truth = subject.truth();
    verdict.textContent = subject.empty() ? 'There is nothing in the image.' : !iter ? 'No vote has been counted yet.' : iter < iters ? `So far, “${vocab[a.kept[first]]}” leads (${lead[first].toFixed(2)}).` : setup.several ? `It found ${a.predicted.length ? a.predicted.map(j => `“${vocab[j]}”`).join(', ') : 'nothing'}.` : best < .4 ? `It is not sure of anything; “${vocab[win]}” comes first (${best.toFixed(2)}).` : `It says “${vocab[win]}” (${best.toFixed(2)}).`;
    if (iter === iters && truth && truth !== (setup.several ? [...a.predicted].sort((p, q) => p - q).map(j => vocab[j]).join(' ') : vocab[win])) verdict.append(` The label says ${truth}.`);
  }
  function draw() {
    if (!answer) return;
    if (!setup.pose) { drawFigures(); drawVotes(); }
    drawSays(); subject.draw();
    root.dataset.iter = iter; root.dataset.cls = vocab[chosen()]; root.dataset.winner = vocab[winner()];
  }
  function moment(r) { stop(); iter = r; time.set(r); draw(); }  // an iteration is looked at
  function start() {
    iter = 0; play.textContent = '■ stop';
    const tick = () => { time.set(iter); draw(); if (iter === iters) return stop(); playing = setTimeout(() => { iter++; tick(); }, 1200); };
    tick();
  }
  function stop() { clearTimeout(playing); playing = null; play.textContent = '▶ play'; }

  // ---- a tour: what to look at, and what is to be seen there
  function stops() {                                             // [what is looked at, at which iteration, words]
    const a = answer, name = vocab[chosen()], other = rival() === null ? null : vocab[a.kept[rival()]], even = a.votes && iters > 1, last = a.lengths[(iters - 1)*a.kept.length + a.kept.indexOf(chosen())].toFixed(2);
    const [first, after] = subject.stops();
    return [
      ...first,
      a.votes && [voting, 0, `Each of these capsules guesses ${subject.supposes(name)}. Such a guess is a vote, and each point is one.${other === null ? '' : ` On the right are the votes of the same capsules for “${other}”.`}`],
      even && [voting, 1, `At first everybody is heard alike: every class gets an even share of each vote. The blue arrow is what the votes come to.`],
      a.votes && [voting, iters, `Then routing decides who is listened to. ${setup.idea ?? ''} Bright votes count more than an even share, pale ones less. Press “play” to see it again.`],
      [bars, iters, `What the votes for “${name}” come to is its capsule. Its ${names[setup.gives] ?? 'length'} says how sure the network is: ${last}.`],
      ...after,
    ].filter(Boolean);
  }
  let touring = null;
  function tour(n) {                                             // n: the stop; null: the end
    root.querySelector('.ce-shown')?.classList.remove('ce-shown');
    const all = answer ? stops() : [], was = touring;
    touring = n !== null && n < all.length ? n : null; guide.hidden = touring === null;
    if (touring === null) { if (was !== null) offer.focus({preventScroll: true}); return; }
    const [el, at, text] = all[n];
    moment(at);
    guide.replaceChildren(make('p', {'aria-live': 'polite'}, text), make('div.tools', {}, make('span.hint', {}, `${n + 1} of ${all.length}`), n ? button('back', 'the stop before', () => tour(n - 1)) : null,
      button(n + 1 < all.length ? 'next' : 'done', 'go on', () => tour(n + 1)), n + 1 < all.length ? button('skip', 'end the tour; the button above begins it again', () => tour(null)) : null));
    el.classList.add('ce-shown');
    el.scrollIntoView({block: el.clientHeight > innerHeight - 200 ? 'start' : 'center', behavior: calm() ? 'auto' : 'smooth'});
    guide.focus({preventScroll: true});
  }
  guide.addEventListener('keydown', e => { const to = {Escape: null, ArrowRight: touring + 1, ArrowLeft: Math.max(0, touring - 1)}; if (e.key in to) { e.preventDefault(); tour(to[e.key]); } });

  if (begin) cls = begin.cls;
  subject.begin(begin);
  if (iter === 0) {                                              // when it is seen
    const seenAt = new IntersectionObserver(es => { if (es.some(e => e.isIntersecting)) { seenAt.disconnect(); if (iter === 0 && !playing) start(); } }, {threshold: .4});
    seenAt.observe(voting);
  }
  return {stop, seen: () => ({...subject.now(), cls})};
}

// ---- an image: seen, drawn, moved; maps of where votes come from; what is redrawn, and the pose
function anImage(me) {
  const {root, engine, setup, sure, verdict, ask, say, late, look, draw, chosen, winner} = me, {vocab, size, recon, dims, iters} = setup, [C, H, W] = size;
  const shown = setup.shown ?? size, sampleBytes = shown[0]*shown[1]*shown[2], nSamples = sampleBytes ? setup.samples.length/sampleBytes : 0;
  let px = null, base = null, sample = null, labelled = null, answered = null;
  const pose = new Float32Array(dims ?? 0);
  const pad = canvas(shown[2], shown[1], 'the image the network sees');
  if (setup.draw && !setup.pose) pad.classList.add('ce-pen');
  const touch = matchMedia('(pointer: coarse)').matches;           // there, a finger scrolls until drawing is switched on
  const strip = make('div.strip', {role: 'group', 'aria-label': 'images to choose from'});
  for (let i = 0; i < nSamples; i++) {
    const cv = canvas(shown[2], shown[1], `image ${i + 1}${setup.labels[i] ? ': ' + setup.labels[i] : ''}`);
    put(cv, setup.samples, shown, i*sampleBytes);
    strip.append(make('button.thumb', {type: 'button', title: setup.labels[i] ?? '', onclick: () => choose(i)}, cv));
  }
  const moves = {
    x: slider('shift right', -14, 14, 1, moved, v => `${(v*W/56).toFixed(1)} px`), y: slider('shift down', -14, 14, 1, moved, v => `${(v*H/56).toFixed(1)} px`),
    turn: slider('rotate', -90, 90, 5, moved, v => `${v}°`), zoom: slider('zoom', .5, 2, .05, moved, v => `×${v.toFixed(2)}`)};
  const still = () => { for (const m of Object.values(moves)) m.set(m === moves.zoom ? 1 : 0); };
  still();
  const file = make('input', {type: 'file', accept: 'image/*', hidden: true, onchange: () => { load(file.files[0]); file.value = ''; }});
  const colour = C === 3 ? make('input', {type: 'color', value: '#ffffff', title: 'colour of the pen'}) : null;
  const padBox = make('span.box', {hidden: true}), nib = make('span.nib'), bigBox = make('span.box', {hidden: true});
  const big = canvas(336, Math.round(336*shown[1]/shown[2]), 'where the class gets more or less of the votes'), film = make('div.film'), types = make('div.types');
  const frames = Array.from({length: iters + 1}, (_, r) => {
    const cv = canvas(112, Math.round(112*shown[1]/shown[2]), `iteration ${r}`);
    film.append(make('button.thumb', {type: 'button', onclick: () => me.moment(r)}, cv, make('span', {}, r ? `${r}` : 'start')));
    return cv;
  });
  const how = make('select', {'aria-label': 'how it is attacked'}, ...(setup.attacks ?? []).map(name => make('option', {value: name}, deceits[name] ?? name)));
  const far = slider('change', 1, 30, 1, () => {}, v => `${v} %`), noticed = make('p.noticed', {'aria-live': 'polite'}), attacked = make('p.hint', {'aria-live': 'polite'});
  far.set(10);
  const scale = make('p.scale'), what = coloursOf(draw);
  const redrawn = canvas(1, 1, 'redrawn from the capsule'), rest = canvas(1, 1, 'what remains of the image'), apart = canvas(1, 1, 'the objects that were found'), legend = make('p.legend');
  const redrawnOf = make('figcaption'), movedOf = make('figcaption');
  const knobs = recon ? Array.from(pose, (_, k) => slider(`${k}`, -.25, .25, .05, v => { pose[k] = v; redraw(); }, v => (v > 0 ? '+' : '') + v.toFixed(2))) : [];
  const grid = canvas(1, 1, 'every number of the pose shifted from -0.25 to 0.25'), gridBox = make('details', {ontoggle: () => drawGrid()}, make('summary', {}, 'All of them at once'),
    make('p', {}, `Each row shifts one of the ${dims} numbers, from −0.25 (left) to +0.25 (right) in steps of 0.05; the middle column is the image as it was redrawn. Click one to take it.`), grid);
  grid.onclick = e => {
    const b = grid.getBoundingClientRect(), k = Math.min(dims - 1, Math.floor((e.clientY - b.top)/b.height*dims)), n = Math.min(steps.length - 1, Math.floor((e.clientX - b.left)/b.width*steps.length));
    pose.fill(0); pose[k] = steps[n]; knobs.forEach((knob, i) => knob.set(pose[i])); redraw();
  };
  const poseView = make('div.pose', {}, ...knobs.map(k => k.el), button('reset', 'all numbers as they were', () => { straight(); redraw(); }));
  const figure = (cv, caption) => make('figure', {}, cv, typeof caption === 'string' ? make('figcaption', {}, caption) : caption);
  const big2 = recon ? canvas(recon[2], recon[1], 'redrawn with the numbers changed') : null;

  const seen = make('section.seen', {}, make('h2', {}, 'An image'), make('div.frame', {}, pad, padBox, setup.draw ? nib : null),
    setup.draw ? make('p.hint', {}, touch ? 'Choose one, press “draw” and draw on it, or open a file.' : 'Draw on it (with keys: arrows move the pen, the space bar puts it down and up), choose one below, or open a file.') : null, strip,
    setup.draw ? make('div.tools', {}, touch ? button('draw', 'draw with a finger', e => e.target.setAttribute('aria-pressed', pad.classList.toggle('ce-on'))) : null, button('clear', 'an empty image to draw on', clear), button('open…', 'an image from this computer', () => file.click()), button('invert', 'light for dark', invert), colour, file) : null, me.status,
    ...(setup.draw ? Object.values(moves).map(m => m.el) : []), setup.draw ? make('div.tools', {}, button('undo', 'shift, rotation and zoom as they were', () => { still(); moved(); })) : null,
    how.length ? make('details.attack', {open: !touch}, make('summary', {}, 'Attack it'), make('p.hint', {}, 'Change every pixel a little, such that the network says something else.'), far.el, make('div.tools', {}, how, button('attack', 'look for such a change', attack), button('take it back', 'the image as it was before the attack', () => { still(); moved(); })), attacked) : null);
  const routing = make('section.routing', {}, make('h2', {}, 'Where they come from'), make('div.frame', {}, big, bigBox), make('div.tools', {}, what), scale, film,
    make('details', {open: true}, make('summary', {}, 'Every primary capsule'), types));
  const says = [recon ? make('div.pair', {}, figure(redrawn, redrawnOf), figure(rest, 'what remains of the image')) : make('p.hint', {}, 'This network has no decoder, so nothing can be redrawn.'), noticed,
    ...(recon && setup.several ? [make('div.apart', {}, figure(apart, legend))] : [])];
  const poses = recon ? make('section.poses', {}, make('h2', {}, 'Pose'), make('p.hint', {}, `The direction of a capsule says how the thing looks. Change its ${dims} numbers:`), make('div.posing', {}, figure(big2, movedOf), poseView), gridBox) : null;

  // ---- what the network sees
  const work = canvas(shown[2], shown[1]), paper = canvas(shown[2], shown[1]), pen = canvas(8*W, 8*H);
  let from = null, turn = 0;                                     // where the pen is; how many images there were, so that a slow file does not replace a later one
  function straight() { pose.fill(0); knobs.forEach(k => k.set(0)); }
  function choose(i) {
    still(); straight(); from = null; turn++;
    base = toRGBA(setup.samples, shown, i*sampleBytes);
    [...strip.children].forEach((b, k) => b.setAttribute('aria-pressed', k === i));
    seeing(base, i);
  }
  function seeing(data, i = null, note = '') {                   // `data` is what the network is to see now
    sample = i; clean = null; attacked.textContent = ''; say(note);
    pad.getContext('2d').putImageData(data, 0, 0);
    const grey = i => 255 - .45*(data.data[i] + data.data[i + 1] + data.data[i + 2])/3;   // faint, inverted, and without colours, since it is below colours
    paper.getContext('2d').putImageData(new ImageData(data.data.map((v, i) => i % 4 < 3 ? grey(i - i % 4) : v), data.width, data.height), 0, 0);
    px = setup.draw ? fromRGBA(data, size) : null;
    ask();
  }
  function own(data) { straight(); base = data; [...strip.children].forEach(b => b.setAttribute('aria-pressed', false)); }
  const pressed = () => { const i = [...strip.children].findIndex(b => b.getAttribute('aria-pressed') === 'true'); return i < 0 ? null : i; };
  function moved() {                                             // bilinear, about the middle
    if (!base) return;
    const {x, y, turn, zoom} = moves, ctx = pad.getContext('2d');
    if (!x.value && !y.value && !turn.value && zoom.value === 1) return seeing(base, pressed());
    work.getContext('2d').putImageData(base, 0, 0);
    ctx.fillStyle = '#000'; ctx.fillRect(0, 0, W, H); ctx.save();
    ctx.translate(W/2 + x.value*W/56, H/2 + y.value*H/56); ctx.rotate(turn.value*Math.PI/180); ctx.scale(zoom.value, zoom.value); ctx.translate(-W/2, -H/2);
    ctx.imageSmoothingEnabled = true; ctx.drawImage(work, 0, 0); ctx.restore();
    seeing(ctx.getImageData(0, 0, W, H));
  }
  let clean = null, was = null;                                  // pixels before an attack, and what they were taken for
  const called = () => setup.several ? me.answer.predicted.map(j => vocab[j]).join(', ') : vocab[winner()];
  async function attack() {
    const mine = px, from = clean ?? px, said = clean ? was : called(), slow = late();
    try {
      const out = await engine.attack(from, how.value, far.value/100);
      if (mine === px) { seeing(toRGBA(out, size)); clean = from; was = said; }
    } catch (e) { say(e.message ?? String(e), true); }
    clearTimeout(slow);
    if (!me.asking) root.classList.remove('ce-waiting');
    root.dataset.attacks = 1 + +(root.dataset.attacks ?? 0);
  }
  const current = () => pad.getContext('2d').getImageData(0, 0, W, H);
  function clear() { still(); from = null; turn++; const d = new ImageData(W, H); for (let i = 3; i < d.data.length; i += 4) d.data[i] = 255; own(d); seeing(d); }
  function invert() { from = null; const d = current(); for (let i = 0; i < d.data.length; i++) if (i % 4 < 3) d.data[i] = 255 - d.data[i]; still(); own(d); seeing(d); }
  async function load(blob) {
    if (!blob) return;
    const mine = ++turn, bitmap = await readImage(blob);
    if (mine !== turn) return;
    if (!bitmap) return say(`${blob.name ?? 'this'} is not an image that this browser can read`, true);
    from = null;
    const ctx = work.getContext('2d');
    const drawOn = colour => { ctx.fillStyle = colour; ctx.fillRect(0, 0, W, H); ctx.drawImage(bitmap, 0, 0, W, H); return ctx.getImageData(0, 0, W, H); };
    [work.width, work.height] = [W, H];                          // all of it, in the size of the network, as `predict` takes files
    ctx.imageSmoothingEnabled = true; ctx.imageSmoothingQuality = 'high';
    let data = drawOn('#fff'), edge = 0, n = 0;                  // what is transparent is paper
    for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) if (!x || !y || x === W-1 || y === H-1) { edge += data.data[4*(y*W + x) + 1]; n++; }
    const paper = C === 1 && edge/n > 127;                       // ink on paper: the data are light on dark
    if (paper) for (let i = 0; i < data.data.length; i++) { if (i % 4 < 3) data.data[i] = 255 - data.data[i]; } else data = drawOn('#000');
    if (C === 1) data = toRGBA(fromRGBA(data, size), size);      // in grey, as the network sees it
    still(); own(data); seeing(data, null, paper ? 'light and dark were exchanged, since the network knows light on dark' : '');
  }
  if (setup.draw && !setup.pose) {
    let under = null, finger = null;
    const at = e => { const r = pad.getBoundingClientRect(); return [(e.clientX - r.left)/r.width*8*W, (e.clientY - r.top)/r.height*8*H]; };
    const stroke = to => {                                       // drawn eight times as fine, then averaged
      const ctx = pen.getContext('2d', {willReadFrequently: true});
      Object.assign(ctx, {lineWidth: .085*8*Math.min(W, H), lineCap: 'round', lineJoin: 'round', strokeStyle: colour?.value ?? '#fff'});
      ctx.beginPath(); ctx.moveTo(...from); ctx.lineTo(to[0], to[1] + .01); ctx.stroke(); from = to;
      const ink = ctx.getImageData(0, 0, 8*W, 8*H).data, d = new ImageData(new Uint8ClampedArray(under.data), W, H), rgb = hex(ctx.strokeStyle);
      for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) {
        let a = 0;
        for (let v = 0; v < 8; v++) for (let u = 0; u < 8; u++) a += ink[4*((8*y + v)*8*W + 8*x + u) + 3];
        a /= 64*255;
        if (a) for (let k = 0; k < 3; k++) { const i = 4*(y*W + x) + k; d.data[i] = (1 - a)*d.data[i] + a*rgb[k]; }
      }
      own(d); seeing(d);
    };
    const begin = to => { under = current(); still(); pen.getContext('2d').clearRect(0, 0, 8*W, 8*H); from = to; stroke(to); };
    pad.addEventListener('pointerdown', e => {
      if (e.button || from || e.pointerType === 'touch' && !pad.classList.contains('ce-on')) return;
      finger = e.pointerId;
      e.preventDefault(); pad.setPointerCapture(e.pointerId); begin(at(e));
    });
    pad.addEventListener('pointermove', e => { if (from && e.pointerId === finger) stroke(at(e)); });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) pad.addEventListener(end, e => { if (e.pointerId === finger) from = null; });
    const where = [4*W, 4*H], lift = () => { if (finger === 'keys') from = finger = null; nib.classList.remove('ce-down'); };   // of the pen that keys move
    const shows = () => { nib.style.left = `${where[0]/W/.08}%`; nib.style.top = `${where[1]/H/.08}%`; };
    pad.tabIndex = 0; shows();
    pad.addEventListener('blur', lift);
    pad.addEventListener('keydown', e => {
      const by = {ArrowRight: [8, 0], ArrowLeft: [-8, 0], ArrowDown: [0, 8], ArrowUp: [0, -8]}[e.key], isDown = from && finger === 'keys';
      if (by) { [W, H].forEach((n, i) => { where[i] = Math.min(8*n, Math.max(0, where[i] + by[i])); }); shows(); if (isDown) stroke([...where]); }
      else if (e.key === 'Escape' || (e.key === ' ' || e.key === 'Enter') && isDown) lift();
      else if ((e.key === ' ' || e.key === 'Enter') && !from) { finger = 'keys'; begin([...where]); nib.classList.add('ce-down'); }
      else return;
      e.preventDefault();
    });
    root.addEventListener('dragover', e => e.preventDefault());
    root.addEventListener('drop', e => { e.preventDefault(); load(e.dataTransfer.files[0]); });
  }

  let drawing = false, later = false;
  async function redraw() {
    if (!me.answer || !recon) return;
    if (drawing) { later = true; return; }
    drawing = true;
    const slow = late(), n = recon[0]*recon[1]*recon[2], k = me.answer.kept.indexOf(chosen()), r = Math.max(me.iter, 1) - 1, at = r*me.answer.kept.length + k;
    try {
      const plain = pose.every(v => v === 0) || k < 0;
      const out = plain ? me.answer.recon.subarray(at*n, (at + 1)*n) : await engine.redraw(Float32Array.from(pose, (v, i) => v + me.answer.caps[at*dims + i]), chosen());
      const empty = me.iter === 0 && !setup.pose;
      for (const cv of [redrawn, big2]) empty ? blank(cv, recon) : put(cv, out, recon);
      if (!empty) remaining(out); else put(rest, seenAs(recon), recon);
      const faint = !empty && me.answer.lengths[at] < .2 ? `, which is hardly there (${me.answer.lengths[at].toFixed(2)})` : '';
      redrawnOf.textContent = movedOf.textContent = empty ? 'nothing yet' : `redrawn from “${vocab[chosen()]}”${faint}${plain ? '' : ', pose changed'}`;
      root.dataset.redrawn = 1 + +(root.dataset.redrawn ?? 0);
      drawGrid();
    } catch (e) { say(e.message ?? String(e), true); }
    clearTimeout(slow);
    if (!me.asking && root.classList.contains('ce-waiting')) { root.classList.remove('ce-waiting'); say(''); }
    drawing = false;
    if (later) { later = false; redraw(); }
  }

  function seenAs(shape) {                                       // the image in the size and colours of the decoder
    const small = canvas(shape[2], shape[1]), ctx = small.getContext('2d');
    ctx.drawImage(pad, 0, 0, shape[2], shape[1]);
    return fromRGBA(ctx.getImageData(0, 0, shape[2], shape[1]), shape);
  }
  function fell() {                                              // what came of an attack
    if (clean && answered === px) attacked.textContent = `No pixel is changed by more than ${far.value} %: ` + (called() === was ? `it still says “${was}”. Try more, or another way.` : `it said “${was}”, and now says “${called()}”.`);
  }
  const isEmpty = () => Boolean(answered?.every(v => v === answered[0]));
  function notice() {                                            // is what is redrawn as near as usual?
    const a = me.answer, same = recon && !setup.several && answered && recon.every((v, i) => v === size[i]), win = winner();
    noticed.hidden = !same || isEmpty();
    if (noticed.hidden) return;
    const n = answered.length, at = ((iters - 1)*a.kept.length + a.kept.indexOf(win))*n, watch = setup.watch;
    const apart = Math.sqrt(answered.reduce((sum, v, i) => sum + (v - a.recon[at + i])**2, 0))/255, flagged = watch && apart > watch.threshold;
    noticed.classList.toggle('ce-flagged', Boolean(flagged));
    noticed.replaceChildren(make('b', {}, flagged ? 'Noticed: ' : ''), `what is redrawn from “${vocab[win]}” differs from the image by ${apart.toFixed(1)} (the root of the summed squares)` + (!watch ? '.' : flagged ? `; only ${Math.round(100*watch.false_alarms)} % of images differ by more than ${watch.threshold.toFixed(1)}.` : `, as is usual (${Math.round(100*(1 - watch.false_alarms))} % are within ${watch.threshold.toFixed(1)}).`));
    root.dataset.apart = apart.toFixed(3);
  }
  function remaining(out) { put(rest, seenAs(recon).map((v, i) => Math.max(0, v - out[i])), recon); }
  function heat(cv, value, rows, cols, span, tint = more) {                   // the image, and above it the colours of places, each in the middle of what its capsules see
    const ctx = cv.getContext('2d'), [w, h] = [cv.width, cv.height];
    ctx.imageSmoothingEnabled = false; ctx.drawImage(paper, 0, 0, w, h);
    for (let y = 0; y < rows; y++) for (let x = 0; x < cols; x++) {
      const d = value(y, x), v = d/span[d > 0 ? 0 : 1], [r, g, b] = v > 0 ? tint : less;
      ctx.fillStyle = `rgba(${r},${g},${b},${Math.min(.85, Math.abs(v)*.85)})`;
      const at = (k, n, from, to, size) => Math.round((from + (to - from)*k/n)*size), [left, right, top, bottom] = setup.area;
      const [x0, x1] = [x, x + 1].map(k => at(k, cols, left, right, w)), [y0, y1] = [y, y + 1].map(k => at(k, rows, top, bottom, h));
      ctx.fillRect(x0, y0, x1 - x0, y1 - y0);
    }
  }
  function drawRouting() {
    const a = me.answer, K = a.kept.length, k = a.kept.indexOf(chosen()), even = a.even, name = vocab[chosen()];
    if (!a.couplings) { scale.textContent = 'This routing returns no couplings, so there is nothing to draw over the image; lengths and what is redrawn change with the iteration.'; what.hidden = film.hidden = types.parentElement.hidden = big.parentElement.hidden = true; return; }
    what.hidden = !a.adds;                                       // where nothing is a length, nothing adds to one
    const sum = a.adds && what.value === 'adds', added = (r, t, y, x) => a.adds[(((r*a.types + t)*a.h + y)*a.w + x)*K + k];
    const coupling = (r, t, y, x) => a.couplings[(((r*a.types + t)*a.h + y)*a.w + x)*K + k];
    const one = sum ? added : (...at) => doublings(coupling(...at)/even);
    const map = (r, y, x) => { if (!sum) return doublings(a.maps[((r*a.h + y)*a.w + x)*K + k]/even); let v = 0; for (let t = 0; t < a.types; t++) v += added(r, t, y, x); return v; };
    const least = sum ? .01 : .2, shownAs = ([up, down]) => sum ? `−${down.toPrecision(2)} to +${up.toPrecision(2)}` : `÷${times(down)} to ×${times(up)}`;
    const span = [least, least], each = [least, least], widen = (s, v) => { const k = v > 0 ? 0 : 1; s[k] = Math.max(s[k], Math.abs(v)); };
    for (let r = 0; r < iters; r++) for (let y = 0; y < a.h; y++) for (let x = 0; x < a.w; x++) {
      widen(span, map(r, y, x));
      for (let t = 0; t < a.types; t++) widen(each, one(r, t, y, x));
    }
    const long = (t, y, x) => a.presence[(t*a.h + y)*a.w + x], anyLong = (y, x) => { let v = 0; for (let t = 0; t < a.types; t++) v += long(t, y, x); return v/a.types; };
    const layer = (cv, r) => r ? heat(cv, (y, x) => map(r - 1, y, x), a.h, a.w, span) : heat(cv, anyLong, a.h, a.w, [1, 1], there);
    layer(big, me.iter);
    frames.forEach((cv, r) => { layer(cv, r); cv.parentElement.setAttribute('aria-pressed', r === me.iter); });
    scale.replaceChildren(...(me.iter ? [make('i.ramp'), sum ? ` what the votes of a place add to the length of “${name}” before squashing: ${shownAs(span)}` : ` how much of its vote a place gives to “${name}”, against an even share: ${shownAs(span)}`] : ['All votes are in, and none has been counted yet. Blue: where capsules are ' + (sure === 'length' ? 'long' : 'active') + ', which says that something is there.']));
    const present = Array.from({length: a.types}, (_, t) => [t, a.presence.subarray(t*a.h*a.w, (t + 1)*a.h*a.w).reduce((s, v) => s + v, 0)]).sort((p, q) => q[1] - p[1]).slice(0, 32).map(p => p[0]).sort((p, q) => p - q);
    if (types.children.length !== present.length) types.replaceChildren(...present.map(() => { const cv = canvas(112, Math.round(112*shown[1]/shown[2]), ''); return make('figure', {}, cv, make('figcaption')); }));
    present.forEach((t, n) => {
      const [cv, caption] = types.children[n].children;
      me.iter ? heat(cv, (y, x) => one(me.iter - 1, t, y, x), a.h, a.w, each) : heat(cv, (y, x) => long(t, y, x), a.h, a.w, [1, 1], there);
      caption.textContent = `type ${t + 1}`;
      cv.setAttribute('aria-label', `couplings of capsules of type ${t + 1}`);
      cv.onclick = e => { const at = placeAt(cv, e); look(at && [t, at[1], at[2]], true); };
      cv.onmousemove = e => {
        const b = cv.getBoundingClientRect(), [left, right, top, bottom] = setup.area, y = Math.floor(((e.clientY - b.top)/b.height - top)/(bottom - top)*a.h), x = Math.floor(((e.clientX - b.left)/b.width - left)/(right - left)*a.w);
        cv.title = '';
        if (y < 0 || x < 0 || y >= a.h || x >= a.w) return;
        cv.title = `type ${t + 1}, row ${y + 1}, column ${x + 1}: ${sure} ${a.presence[(t*a.h + y)*a.w + x].toFixed(2)}` + (me.iter ? `, gives ${(100*coupling(me.iter - 1, t, y, x)).toFixed(1)} % of its vote to “${vocab[chosen()]}”${a.adds ? `, which adds ${added(me.iter - 1, t, y, x).toFixed(2)}` : ''}` : '');
      };
    });
    types.previousElementSibling.textContent = `Every primary capsule` + (present.length < a.types ? ` (the ${present.length} most present of ${a.types} types)` : '') + (me.iter ? `: ${shownAs(each)}` : '');
  }

  const placeAt = (cv, e) => {                                   // of a mouse on a picture; null: there are no capsules
    if (!me.answer?.votes) return null;
    const b = cv.getBoundingClientRect(), [left, right, top, bottom] = setup.area, y = Math.floor(((e.clientY - b.top)/b.height - top)/(bottom - top)*me.answer.h), x = Math.floor(((e.clientX - b.left)/b.width - left)/(right - left)*me.answer.w);
    return y < 0 || x < 0 || y >= me.answer.h || x >= me.answer.w ? null : [null, y, x];
  };
  for (const cv of setup.pose ? [] : [pad, big]) {               // the image is drawn on, so it is only pointed at
    cv.addEventListener('pointermove', e => { if (!from && e.pointerType === 'mouse') look(placeAt(cv, e), false); });
    cv.addEventListener('pointerleave', () => { if (me.answer) look(null, false); });
    if (cv === big || !setup.draw) cv.addEventListener('click', e => look(placeAt(cv, e), true));
  }
  big.tabIndex = 0;
  me.steered(big, () => [Math.floor(me.answer.h/2), Math.floor(me.answer.w/2)]);
  function mark(at) {
    for (const el of [padBox, bigBox]) {
      el.hidden = !at;
      if (!at) continue;
      const [left, right, top, bottom] = setup.area, [w, h] = [(right - left)/me.answer.w, (bottom - top)/me.answer.h];
      Object.assign(el.style, {left: `${100*(left + at[2]*w)}%`, top: `${100*(top + at[1]*h)}%`, width: `${100*w}%`, height: `${100*h}%`});
    }
  }
  function drawApart() {                                         // every object that is predicted, in its colour
    if (!recon || !setup.several) return;
    const a = me.answer, [c, h, w] = recon, n = h*w, r = Math.max(me.iter, 1) - 1, out = new ImageData(w, h);
    const objects = a.predicted.filter(j => a.kept.includes(j));
    objects.forEach((j, f) => {
      const rgb = hex(objectColours[f % objectColours.length]), at = (r*a.kept.length + a.kept.indexOf(j))*c*n;
      for (let i = 0; i < n; i++) { let v = 0; for (let k = 0; k < c; k++) v += a.recon[at + k*n + i]/c/255; for (let k = 0; k < 3; k++) out.data[4*i + k] += me.iter ? v*rgb[k] : 0; }
    });
    for (let i = 0; i < n; i++) out.data[4*i + 3] = 255;
    [apart.width, apart.height] = [w, h]; apart.getContext('2d').putImageData(out, 0, 0);
    legend.replaceChildren('taken apart: ', ...objects.flatMap((j, f) => [make('b', {style: `color:${objectColours[f % objectColours.length]}`}, '■ '), `“${vocab[j]}” `]));
  }
  let gridding = false, gridAgain = false;
  async function drawGrid() {
    if (!gridBox.open || !me.answer || !recon) return;
    if (gridding) { gridAgain = true; return; }
    gridding = true;
    try { await fillGrid(); } catch (e) { say(e.message ?? String(e), true); }
    gridding = false;
    if (gridAgain) { gridAgain = false; drawGrid(); }
  }
  async function fillGrid() {
    const [c, h, w] = recon, at = (Math.max(me.iter, 1) - 1)*me.answer.kept.length + me.answer.kept.indexOf(chosen()), own = me.answer.caps.subarray(at*dims, (at + 1)*dims);
    const all = new Float32Array(dims*steps.length*dims);
    for (let k = 0; k < dims; k++) steps.forEach((s, n) => { const o = (k*steps.length + n)*dims; all.set(own, o); all[o + k] += s; });
    const out = await engine.redraw(all, chosen());
    grid.width = steps.length*(w + 1); grid.height = dims*(h + 1);
    for (let i = 0; i < dims*steps.length; i++) grid.getContext('2d').putImageData(toRGBA(out, recon, i*c*h*w), (i % steps.length)*(w + 1), Math.floor(i/steps.length)*(h + 1));
    root.dataset.grids = 1 + +(root.dataset.grids ?? 0);
  }
  return {
    seen: setup.pose ? make('section.seen.small', {}, make('h2', {}, 'An image'), make('div.frame', {}, pad), strip, me.status, verdict) : seen, voting: [], routing, says, below: poses, straight, mark,
    noun: 'image', sees: 'see something', guess: 'a guess of what its capsule looks like', hint: 'Click a vote to see its place in the image, or a place in the map to see its votes. Arrow keys go from one to the next.',
    where: ([, y, x]) => `at row ${y + 1}, column ${x + 1}`,
    counts: a => `${a.types*a.h*a.w} primary capsules, ${a.types} at each of ${a.h} × ${a.w} places.`,
    supposes: name => `what the whole would look like, if it were a “${name}”`,
    truth: () => labelled === null ? '' : setup.labels[labelled],
    empty: isEmpty,
    async ask(cls) {
      const asked = sample, saw = px, a = await engine.look(saw, asked, cls);
      [labelled, answered] = [asked, saw];
      return a;
    },
    draw() { if (!setup.pose) drawRouting(); drawApart(); notice(); fell(); redraw(); },
    begin(begin) {
      if (begin && begin.sample === null) { own(begin.image); seeing(begin.image); } else if (begin || nSamples) choose(begin?.sample ?? 0); else if (setup.draw) clear();
    },
    now: () => ({sample, image: current()}),
    stops() {
      const a = me.answer, name = vocab[chosen()];
      return [[
        [seen, 0, `This is what the network sees.${setup.draw ? ' Choose another image, or draw your own: everything else follows at once.' : ''}`],
        a.votes && [routing, 0, `First it looks for parts. At every place there ${a.types === 1 ? 'is a small capsule that looks' : `are ${a.types} small capsules that look`} at what is around it: blue is where they find something.`],
      ], [
        recon && [redrawn.closest('.ce-pair'), iters, `And it says what this “${name}” looks like: the picture is redrawn from nothing but the ${dims} numbers of the capsule. At the end of the page you can change them.`],
      ]];
    },
  };
}

// ---- a text: its words stand where an image has its places
function aText(me) {
  const {setup, status, look, chosen} = me, {vocab, reach} = setup;
  let asked = null, said = null, writing = null;                 // the text that was asked about last, and that of the answer
  const own = make('textarea', {rows: 3, 'aria-label': 'or your own', value: setup.sentences[0] ?? '', spellcheck: false});
  const some = make('select', {'aria-label': 'one of', onchange: () => { own.value = some.value; read(); }}, ...setup.sentences.map(t => make('option', {value: t}, t)));
  const what = coloursOf(me.draw), scale = make('p.scale'), notes = make('p.notes', {role: 'status'});
  const legend = make('p.legend', {hidden: true}, make('span.unknown', {}, 'Dotted'), ': words that the network does not know. To it, all of them are the same word.');
  const sentence = make('p.sentence', {tabIndex: 0, role: 'group', 'aria-label': 'the words of the text; arrow keys go from one to the next'});
  const film = make('div.lines'), types = make('div.lines'), each = make('details', {}, make('summary', {}, 'Every primary capsule'), types);
  const row = (label, el) => make('label.field', {}, make('span', {}, label), el);
  const seen = make('section.seen', {}, make('h2', {}, 'A text'), row('one of', some), row('or your own', own), status, notes);
  const frames = Array.from({length: setup.iters + 1}, (_, r) => {
    const line = make('span.sentence');
    film.append(make('button.thumb.line', {type: 'button', onclick: () => me.moment(r)}, make('span', {}, r ? `iteration ${r}` : 'start'), line));
    return line;
  });
  const routing = make('section.routing', {}, make('h2', {}, 'Where they come from'), film, each);
  function read() { clearTimeout(writing); if (own.value !== asked) me.ask(); }
  own.addEventListener('input', () => { clearTimeout(writing); writing = setTimeout(read, 300); });
  own.addEventListener('change', read);
  own.addEventListener('keydown', e => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); read(); } });

  // ---- words and their colours
  const whole = () => !reach || !me.answer.couplings;            // is there nothing to say about single words?
  function spell(line, words) {                                  // a span for each word
    if (line.words === words) return;
    line.words = words;
    const span = (w, i) => make(me.answer.known[i] ? 'span' : 'span.unknown', {}, w);
    line.replaceChildren(...words.flatMap((w, i) => i ? [setup.between, span(w, i)] : [span(w, i)]));
  }
  function paint(line, value, span, tip = null, tint = more) {   // value(i): of a word; span: the deepest
    spell(line, me.answer.words);
    [...line.children].forEach((el, i) => {
      const v = value ? Math.max(-1, Math.min(1, value(i)/span)) : 0, [r, g, b] = v > 0 ? tint : less, deep = Math.abs(v)*(v > 0 ? .85 : .6), on = c => Math.round(255 - deep*(255 - c));   // so that black is well read on it
      el.style.background = `rgb(${on(r)}, ${on(g)}, ${on(b)})`;
      el.title = [me.answer.known[i] ? '' : 'a word that the network does not know', tip?.(i) ?? ''].filter(Boolean).join('; ');
    });
  }
  function pointed(line, type) {                                 // its words can be pointed at, and clicked
    const at = e => { const i = [...line.children].indexOf(e.target); return i < 0 || !me.answer.votes || whole() ? null : [type(), 0, i]; };
    line.addEventListener('pointermove', e => { if (e.pointerType === 'mouse') look(at(e), false); });
    line.addEventListener('pointerleave', () => { if (me.answer) look(null, false); });
    line.addEventListener('click', e => look(at(e), true));
  }
  pointed(sentence, () => null);
  me.steered(sentence, () => [0, 0]);
  function drawWords() {
    const a = me.answer, iter = me.iter, n = a.words.length, K = a.kept.length, k = a.kept.indexOf(chosen()), name = vocab[chosen()], none = whole(), sum = a.says && what.value === 'adds';
    what.hidden = none || !a.says; film.hidden = Boolean(sum); routing.hidden = none;
    notes.textContent = a.notes.join(' ');
    legend.hidden = a.known.every(Boolean);
    if (none) {
      paint(sentence, null, 1);
      scale.textContent = a.couplings ? 'The capsules of this network have read the whole text, so there is no saying which words a vote came from.' : 'This routing returns no couplings, so words have no colours; lengths change with the iteration.';
      return;
    }
    const N = a.types*n, coupling = (r, t, i) => a.couplings[(r*N + t*n + i)*K + k], one = (r, t, i) => doublings(coupling(r, t, i)/a.even);
    const given = (r, i) => a.maps[(r*n + i)*K + k], map = (r, i) => doublings(given(r, i)/a.even), adds = i => a.says[i*K + k];
    const long = (t, i) => a.presence[t*n + i], anyLong = i => { let v = 0; for (let t = 0; t < a.types; t++) v += long(t, i); return v/a.types; };
    let span = .2, deep = .2, top = .01, here = 1e-6, longest = 1e-6;
    for (let i = 0; i < n; i++) {
      for (let r = 0; r < a.iters; r++) { span = Math.max(span, Math.abs(map(r, i))); for (let t = 0; t < a.types; t++) deep = Math.max(deep, Math.abs(one(r, t, i))); }
      if (a.says) top = Math.max(top, Math.abs(adds(i)));
      here = Math.max(here, anyLong(i));
      for (let t = 0; t < a.types; t++) longest = Math.max(longest, long(t, i));
    }
    const tip = r => i => `gives ${(100*given(r, i)).toFixed(1)} % of the votes around it to “${name}”: ×${(given(r, i)/a.even).toPrecision(2)} of an even share` + (a.says ? `; in the end, the word adds ${adds(i).toFixed(3)}` : '');
    const layer = (line, r) => r ? paint(line, i => map(r - 1, i), span, tip(r - 1)) : paint(line, anyLong, here, null, there);
    sum ? paint(sentence, adds, top, i => `adds ${adds(i).toFixed(3)} to the length of “${name}”`) : layer(sentence, iter);
    frames.forEach((line, r) => { layer(line, r); line.parentElement.setAttribute('aria-pressed', r === iter); });
    scale.replaceChildren(...(sum ? [make('i.ramp'), ` what each word adds to the length of “${name}” in the end, before squashing: −${top.toPrecision(2)} to +${top.toPrecision(2)}`]
      : iter ? [make('i.ramp'), ` how much of their votes the capsules around a word give to “${name}”, against an even share: ×${times(-span)} to ×${times(span)}`]
      : [`All votes are in, and none has been counted yet. Blue: where capsules are ${me.sure === 'length' ? 'long' : 'active'}, which says that something was found there.`]));
    while (types.children.length > a.types) types.lastChild.remove();
    while (types.children.length < a.types) {
      const t = types.children.length, line = make('span.sentence');
      pointed(line, () => t);
      types.append(make('div.line', {}, make('span', {}, `type ${t + 1}`), line));
    }
    [...types.children].forEach((el, t) => iter ? paint(el.lastChild, i => one(iter - 1, t, i), deep, i => `${me.sure} ${long(t, i).toFixed(2)}, gives ${(100*coupling(iter - 1, t, i)).toFixed(1)} % of its vote to “${name}”`)
      : paint(el.lastChild, i => long(t, i), longest, i => `${me.sure} ${long(t, i).toFixed(2)}`, there));
    each.firstChild.textContent = 'Every primary capsule' + (iter ? `: ×${times(-deep)} to ×${times(deep)}` : '');
  }
  function mark(at) {                                            // the word, and those that its capsules have read
    spell(sentence, me.answer.words);
    const on = at && !whole() ? at[2] : null;
    [...sentence.children].forEach((el, i) => { el.classList.toggle('ce-lit', i === on); el.classList.toggle('ce-near', on !== null && i >= on - reach[0] && i <= on + reach[1]); });
  }
  const near = i => me.answer.words.slice(Math.max(0, i - reach[0]), i + reach[1] + 1).join(setup.between);
  function mostly() {                                            // which words the sum comes from
    const a = me.answer, n = a.words.length, K = a.kept.length, k = a.kept.indexOf(chosen()), N = a.types*n;
    if (whole() || !a.adds) return '';
    const sums = a.words.map((w, i) => { let v = 0; for (let t = 0; t < a.types; t++) v += a.adds[((me.iter - 1)*N + t*n + i)*K + k]; return [v, w]; }).sort((p, q) => q[0] - p[0]);
    const first = [...new Set(sums.filter(([v], i) => i < 3 && v > 0 && v >= .5*sums[0][0]).map(([, w]) => `“${w}”`))];
    return first.length ? `Most comes from around ${first.join(', ').replace(/, ([^,]*)$/, ' and $1')}.` : '';
  }
  function parts() {                                             // what every word adds, in figures
    const a = me.answer, K = a.kept.length, k = a.kept.indexOf(chosen()), signed = v => (v < 0 ? '−' : '+') + Math.abs(v).toFixed(2);
    return a.says ? `Before squashing, words add to the length of “${vocab[chosen()]}”: ${a.words.map((w, i) => `${w} ${signed(a.says[i*K + k])}`).join(', ')}; what the network adds whatever they are, ${signed(a.rest[k])}.` : '';
  }
  return {
    seen, voting: [sentence, legend, make('div.colours', {}, what), scale], routing, says: [], below: null, straight() {}, draw: drawWords, mark, mostly, parts,
    noun: 'text', sees: 'have found something', guess: 'a guess of what its capsule is like', hint: reach ? 'Click a vote to see the words that it has read, or a word to see its votes. Arrow keys go from one to the next.' : 'Click a vote to see what it counts.',
    where: ([type, , i]) => whole() ? 'of the whole text' : `around “${me.answer.words[i]}”` + (type === null ? '' : `, which has read “${near(i)}”`),
    counts: a => `${a.types*a.w} primary capsules, ${reach ? `${a.types} around each of ${a.w} words` : 'which have read the whole text'}.`,
    supposes: name => `what the capsule of “${name}” would be like, if the text were about that`,
    truth: () => setup.labels[setup.sentences.indexOf(said)] ?? '',
    empty: () => false,
    async ask(cls) {
      const text = own.value;
      asked = text;
      const a = await me.engine.read(text, cls);
      said = text;
      some.value = setup.sentences.includes(text) ? text : '';
      return a;
    },
    begin(begin) { if (begin) own.value = begin.text; me.ask(); },
    now: () => ({text: own.value}),
    stops() {
      const a = me.answer, name = vocab[chosen()];
      return [[
        [seen, 0, 'This is what the network reads. Choose another text, or write your own: everything else follows at once.'],
        a.votes && (whole() ? [sentence, 0, `First it looks for parts. It has ${a.types*a.w} small capsules, each of which has read the whole text.`]
          : [sentence, 0, `First it looks for parts. Around every word there are ${a.types} small capsules, which read it and its neighbours, ${reach[0] + reach[1] + 1} words in all: blue is where they find something.`]),
      ], [
        !whole() && [sentence, setup.iters, `And it can be read where votes come from: orange words give more than an even share to “${name}”, purple ones less. Click a word to see its votes, or a vote to see its words.`],
      ]];
    },
  };
}

// ---- several networks that see the same images: a row of buttons says which one is shown
// setup: {what: what their names say, networks: {name: the setup of its explorer}, samples};  engines: from a name to its engine, or a promise of it
export function explorers(root, engines, setup) {
  const names = Object.keys(setup.networks), buttons = names.map(name => make('button', {type: 'button', textContent: name, onclick: () => show(name)}));
  let inner = make('div'), now = null, wanted = null;
  const row = names.length > 1 ? make('div.networks', {role: 'group', 'aria-label': setup.what}, make('span', {}, setup.what), ...buttons) : '';
  root.replaceChildren(row, inner);
  async function show(name) {
    wanted = name;
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', names[i] === name));
    let engine;
    try { engine = await engines(name); } catch (e) { if (wanted === name) inner.prepend(make('p.status.wrong', {}, e.message ?? String(e))); return; }
    if (wanted !== name) return;                                 // another one was chosen meanwhile
    const seen = now?.seen() ?? null, next = make('div', {'data-network': name});
    now?.stop();
    inner.replaceWith(next);
    inner = next;
    now = explorer(inner, engine, {...setup.networks[name], samples: setup.samples}, seen);
  }
  show(names[0]);
  return {stop: () => now?.stop()};
}

// ---- in a notebook, or from a server: Python answers
const floats = ['couplings', 'presence', 'lengths', 'shares', 'maps', 'entropy', 'caps', 'adds', 'votes', 'sums', 'agreement', 'says', 'rest'];
const view = (b, T) => new T(b.buffer ? b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength) : b);
const filled = ([msg, buffers]) => {                             // an answer with its arrays
  const a = {...msg, couplings: null, adds: null, votes: null, recon: null, says: null, rest: null};
  msg.names.forEach((name, i) => { a[name] = view(buffers[i], floats.includes(name) ? Float32Array : Uint8Array); });
  return a;
};
export default {
  render({model, el}) {
    let n = 0;
    const me = Math.random().toString(36).slice(2);              // a widget may be shown twice, and every view hears every answer
    const waiting = new Map(), ask = (question, bytes) => new Promise((yes, no) => {
      const id = `${me}-${++n}`, late = setTimeout(() => { waiting.delete(id); no(new Error('no answer from Python; is it busy, or gone?')); }, 30000);
      waiting.set(id, (msg, buffers) => { clearTimeout(late); waiting.delete(id); msg.error ? no(new Error(msg.error)) : yes([msg, buffers]); });
      model.send({...question, id}, undefined, bytes ? [bytes.buffer] : []);
    });
    const hear = (msg, buffers) => waiting.get(msg.id)?.(msg, buffers);
    model.on('msg:custom', hear);
    const engine = net => ({                                     // net: which of several networks is asked
      look: async (px, sample, cls) => filled(await (sample === null ? ask({ask: 'look', cls, ...net}, px) : ask({ask: 'sample', sample, cls, ...net}))),
      read: async (text, cls) => filled(await ask({ask: 'read', text, cls, ...net})),
      async attack(px, attack, radius) { const [, [b]] = await ask({ask: 'attack', attack, radius, ...net}, px); return view(b, Uint8Array); },
      async redraw(caps, cls) { const [, [b]] = await ask({ask: 'redraw', cls, ...net}, caps); return view(b, Uint8Array); },
    });
    const setup = model.get('setup');
    const full = {...setup, samples: view(model.get('samples') ?? new Uint8Array(), Uint8Array)};
    const shown = setup.networks ? explorers(el, net => engine({net}), full) : explorer(el, engine({}), full);
    return () => { model.off('msg:custom', hear); shown.stop(); };
  },
};
