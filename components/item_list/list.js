// `data`: {rows: [{id, icon, title, said, facts, tone, share, deeds}], label, address}. Rows are kept and only what
// changed in them is touched, since a row on its way is drawn every second. Sends one trigger, "event": {do, id}.

const lists = new WeakMap();

function makeRow(state, shadow, id) {
  const parts = { icon: icon(""), title: h("b", {}), said: h("span", { class: "said" }), facts: h("span", { class: "facts" }), bar: h("progress", { max: "1" }) };
  const link = h("a", {}, parts.icon, h("span", { class: "lines" }, h("span", { class: "head" }, parts.title), parts.said, parts.bar), parts.facts);
  const more = tool("more_horiz", "Actions", "menu", { "aria-haspopup": "menu" });
  const line = h("li", {}, link, more);
  line.parts = { ...parts, link, more };
  link.onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    state.send({ do: "open", id });
  };
  link.onkeydown = (event) => {
    const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (next) (event.preventDefault(), line[next]?.querySelector("a").focus());
  };
  more.onclick = () => openMenu(shadow, more, line.row.deeds, ({ do: deed }) => state.send({ do: deed, id }), { label: `Actions for ${line.row.title}` });
  return line;
}

function drawRow(line, row, address) {
  const { link, more, icon: sign, title, said, facts, bar } = line.parts;
  line.row = row;
  line.className = row.tone;
  link.href = `${address}${encodeURIComponent(row.id)}`;
  sign.textContent = row.icon;
  title.textContent = title.title = row.title;
  said.textContent = said.title = row.said;
  facts.textContent = row.facts;
  bar.hidden = row.share === null;
  if (row.share !== null) bar.value = row.share;
  bar.setAttribute("aria-label", row.said);
  more.hidden = !row.deeds.length;
  more.setAttribute("aria-label", `Actions for ${row.title}`);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const state = lists.get(root) ?? { rows: new Map(), list: h("ul", {}) };
  lists.set(root, state);
  state.send = (event) => setTriggerValue("event", event);
  if (!state.list.isConnected) root.append(state.list);
  state.list.setAttribute("aria-label", data.label);
  const here = new Set(data.rows.map((row) => row.id));
  for (const [id, line] of state.rows) if (!here.has(id)) (line.remove(), state.rows.delete(id));
  let previous = null;
  for (const row of data.rows) {
    const line = state.rows.get(row.id) ?? makeRow(state, parentElement, row.id);
    state.rows.set(row.id, line);
    drawRow(line, row, data.address);
    const next = previous ? previous.nextSibling : state.list.firstChild;
    if (next !== line) state.list.insertBefore(line, next);
    previous = line;
  }
}
