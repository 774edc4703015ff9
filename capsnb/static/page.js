// The explorer as a page: what a notebook is to a widget, a server is here. It says what the widget has to know, and answers what it asks.
// A message is a line of JSON and, after it, bytes; see 41b_server.ipynb. The token in the address of this file goes with every request.
const token = new URL(import.meta.url).search, el = document.querySelector('#explorer');

async function get(name, options) {                              // the answer, and the arrays in it
  const r = await fetch(name + token, options).catch(() => { throw new Error('nobody answers; has capsnb_explore ended?'); });
  if (!r.ok) throw new Error(await r.text());
  const bytes = new Uint8Array(await r.arrayBuffer()), end = bytes.indexOf(10), msg = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  let at = end + 1;
  return [msg, msg.sizes.map(n => bytes.slice(at, at += n))];
}

try {
  const [[state, arrays], {default: widget}] = await Promise.all([get('state'), import(`./explorer.js${token}`)]);
  const known = {...state, ...Object.fromEntries(state.names.map((name, i) => [name, arrays[i]]))}, hearing = new Set();
  const hear = (...answer) => { for (const f of hearing) f(...answer); };
  const model = {                                                // what anywidget gives to a widget
    get: name => known[name],
    on: (_, f) => hearing.add(f),
    off: (_, f) => hearing.delete(f),
    send: (question, _, buffers) => get('ask', {method: 'POST', body: new Blob([JSON.stringify(question), '\n', ...buffers])})
      .then(([msg, data]) => hear(msg, data), e => hear({id: question.id, error: e.message}, [])),
  };
  await widget.render({model, el});
} catch (e) { el.textContent = `The explorer could not be started: ${e.message}`; }
