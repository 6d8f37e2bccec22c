// `data`: {rows: [{id, text, kind, icon, when, source, uses, note, moment, pinned, shelf}], look: "cards" | "table" |
// "timeline", count, revision}. Which boxes are ticked stays in here. Sends one trigger, "event": {do, ids}.

const lists = new WeakMap();

const inShort = (row) => (row.text.length > 60 ? `${row.text.slice(0, 60)}…` : row.text);

// What can be done with the chosen ones; without any the line says how many there are.
function drawHead(state) {
  const ids = [...state.chosen];
  const rows = state.rows.filter((row) => state.chosen.has(row.id));
  const act = (...given) => actButton(state, ...given);
  const live = rows.every((row) => row.shelf === "live");
  const acts = !ids.length ? [] : [
    ...(live ? [rows.every((row) => row.pinned) ? act("unpin", "Unpin") : act("pin", "Pin")] : []),
    ...(live && ids.length > 1 && ids.length <= 8 ? [act("merge", "Merge")] : []),
    rows.every((row) => row.shelf === "deleted") ? act("restore", "Bring back") : act("delete", "Delete", "danger"),
  ];
  const said = ids.length ? `${ids.length} chosen` : state.count;
  state.head.replaceChildren(h("label", { class: "all" }, boxOfAll(state)), h("span", { class: "count", role: "status" }, said), ...acts);
}

const signs = (row) => [row.pinned && h("span", { class: "icon", title: "Pinned", role: "img", "aria-label": "Pinned" }, "keep"),
  row.note && h("span", { class: "note" }, row.note)];

const kindOf = (row) => h("span", { class: "kind" }, icon(row.icon), row.kind);
const joined = (parts) => parts.filter(Boolean).join(" · ");

const DRAW = {
  cards: (row, link) => [link, h("div", { class: "foot" }, kindOf(row), ...signs(row), h("span", { class: "spacer" }), h("span", { class: "when", title: joined([row.source, row.uses]) }, row.when))],
  table: (row, link) => [link, h("span", { class: "signs" }, ...signs(row)), kindOf(row), h("span", { class: "source" }, row.source), h("span", { class: "uses" }, row.uses), h("span", { class: "when" }, row.when)],
  timeline: (row, link) => [h("span", { class: "when" }, row.moment || row.when), h("span", { class: "point", "aria-hidden": "true" }), h("div", { class: "told" }, link, h("div", { class: "foot" }, kindOf(row), ...signs(row), h("span", {}, row.source)))],
};

function drawRow(row, state) {
  const tick = box(`Choose “${inShort(row)}”`);
  tick.onclick = (event) => choose(state, row, tick.checked, event.shiftKey);
  const link = h("a", { href: `?fact=${encodeURIComponent(row.id)}`, dir: "auto" }, row.text);
  const line = h("li", { "data-id": row.id, class: row.shelf }, h("label", { class: "box" }, tick), ...DRAW[state.look](row, link));
  line.onclick = (event) => {
    if (event.target.closest(".box")) return;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!getSelection().toString()) state.send({ do: "open", ids: [row.id] });
  };
  line.onkeydown = (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowRight: "nextElementSibling", ArrowUp: "previousElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
    if (step) {
      event.preventDefault();
      line[step]?.querySelector(event.target.matches("input") ? "input" : "a")?.focus();
    } else if (event.key === "x" && event.target === link) choose(state, row, !state.chosen.has(row.id), false);
    else if (event.key === "Delete" && row.shelf !== "deleted") state.send({ do: "delete", ids: state.chosen.size ? [...state.chosen] : [row.id] });
  };
  return line;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const state = lists.get(root) ?? {};
  lists.set(root, state);
  state.send = (event) => setTriggerValue("event", event);
  const said = JSON.stringify(data);
  if (state.said === said) return;
  state.said = said;
  steady(root, () => draw(root, state, data));
}

function draw(root, state, data) {
  const same = state.revision === data.revision;
  const here = new Set(data.rows.map((row) => row.id));
  const chosen = new Set(same ? [...(state.chosen ?? [])].filter((id) => here.has(id)) : []);
  Object.assign(state, { rows: data.rows, look: data.look, revision: data.revision, count: data.count, chosen, last: null });
  state.head = h("div", { class: "head" });
  state.body = h("ul", { class: data.look, "aria-label": "Memories" }, ...data.rows.map((row) => drawRow(row, state)));
  root.replaceChildren(state.head, state.body);
  mark(state);
}
