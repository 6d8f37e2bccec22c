// `data`: {rows: [{id, title, changed, about, pinned, archived}], revision}. Which boxes are ticked stays in here.
// Sends one trigger, "event": {do, ids}.

const lists = new WeakMap();

function drawBar(state) {
  const ids = [...state.chosen];
  const all = h("input", { type: "checkbox", "aria-label": "Choose all on this page" });
  all.checked = ids.length > 0 && ids.length === state.rows.length;
  all.indeterminate = ids.length > 0 && !all.checked;
  all.onchange = () => { state.chosen = new Set(all.checked ? state.rows.map((row) => row.id) : []); mark(state); };
  const act = (name, label, kind) => {
    const button = word(label, name, { class: `word ${kind}` });
    button.onclick = () => state.send({ do: name, ids });
    return button;
  };
  const archived = ids.length > 0 && state.rows.filter((row) => state.chosen.has(row.id)).every((row) => row.archived);
  const count = ids.length ? `${ids.length} chosen` : `${state.rows.length} conversation${state.rows.length === 1 ? "" : "s"}`;
  state.bar.replaceChildren(all, h("span", { class: "count", role: "status" }, count));
  if (ids.length) state.bar.append(archived ? act("unarchive", "Unarchive", "") : act("archive", "Archive", ""), act("delete", "Delete", "danger"));
}

function mark(state) {
  for (const item of state.list.children) {
    const on = state.chosen.has(item.dataset.id);
    item.classList.toggle("chosen", on);
    item.firstChild.checked = on;
  }
  drawBar(state);
}

function drawRow(row, state) {
  const box = h("input", { type: "checkbox", "aria-label": `Choose ${row.title}` });
  box.onclick = (event) => {
    const ids = state.rows.map((one) => one.id);
    const [from, to] = [ids.indexOf(event.shiftKey ? state.last ?? row.id : row.id), ids.indexOf(row.id)].sort((a, b) => a - b);
    for (const id of ids.slice(from, to + 1)) box.checked ? state.chosen.add(id) : state.chosen.delete(id);
    state.last = row.id;
    mark(state);
  };
  const link = h("a", { href: `/?c=${encodeURIComponent(row.id)}` }, row.pinned && icon("keep"), row.archived && icon("archive"), h("b", { title: row.title }, row.title));
  link.onclick = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    state.send({ do: "open", ids: [row.id] });
  };
  return h("li", { "data-id": row.id }, box, link, h("span", { class: "about" }, row.about), h("span", { class: "changed" }, row.changed));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const state = lists.get(root) ?? {};
  lists.set(root, state);
  state.send = (event) => setTriggerValue("event", event);
  const said = JSON.stringify(data);
  if (state.said === said) return;
  Object.assign(state, { said, rows: data.rows, chosen: new Set(), last: null, bar: h("div", { class: "bar" }), list: h("ul") });
  state.list.append(...data.rows.map((row) => drawRow(row, state)));
  root.replaceChildren(state.bar, state.list);
  drawBar(state);
}
