// `data`: {rows: [{id, title, changed, model, tokens, cost, pinned, archived, running}], costs, revision}. Which boxes
// are ticked stays in here. Sends one trigger, "event": {do, ids}.

const lists = new WeakMap();

// The head of the table: the names of the columns, or what can be done with the chosen rows.
function drawHead(state) {
  const ids = [...state.chosen];
  const first = h("th", { class: "box" }, h("label", {}, boxOfAll(state)));
  if (!ids.length) {
    const names = [["", "Conversation"], ["model", "Model"], ["number", "Tokens"], ...(state.costs ? [["number", "Cost"]] : []), ["changed", "Changed"]];
    return state.head.replaceChildren(first, ...names.map(([kind, name]) => h("th", { class: kind, scope: "col" }, name)));
  }
  const act = (...given) => actButton(state, ...given);
  const archived = state.rows.filter((row) => state.chosen.has(row.id)).every((row) => row.archived);
  const bar = h("div", { class: "bar" }, h("span", { class: "count", role: "status" }, `${ids.length} chosen`),
    archived ? act("unarchive", "Unarchive") : act("archive", "Archive"), act("delete", "Delete", "danger"));
  state.head.replaceChildren(first, h("th", { colspan: state.costs ? 5 : 4 }, bar));
}

function drawRow(row, state) {
  const tick = box(`Choose ${row.title}`);
  tick.onclick = (event) => choose(state, row, tick.checked, event.shiftKey);
  const about = [row.model, row.tokens && `${row.tokens} tokens`, state.costs && row.cost !== "unknown" && row.cost].filter(Boolean).join(" \u00b7 ");
  const link = h("a", { href: `/?c=${encodeURIComponent(row.id)}` },
    row.running && h("span", { class: "dot", role: "img", "aria-label": "Answering", title: "Answering" }),
    row.pinned && icon("keep"), row.archived && icon("archive"), h("b", { title: row.title }, row.title), h("span", { class: "more" }, about));
  const cell = (kind, text) => h("td", { class: kind, title: text }, text);
  const line = h("tr", { "data-id": row.id }, h("td", { class: "box" }, h("label", {}, tick)), h("td", {}, link),
    cell("model", row.model), cell("number", row.tokens), state.costs && cell("number", row.cost), cell("changed", row.changed));
  line.onclick = (event) => {
    if (event.target.closest(".box")) return;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    state.send({ do: "open", ids: [row.id] });
  };
  line.onkeydown = (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) {
      event.preventDefault();
      line[step]?.querySelector(event.target.matches("input") ? "input" : "a")?.focus();
    } else if (event.key === "x" && event.target === link) choose(state, row, !state.chosen.has(row.id), false);
    else if (event.key === "Delete") state.send({ do: "delete", ids: state.chosen.size ? [...state.chosen] : [row.id] });
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
  const chosen = new Set(same ? [...state.chosen].filter((id) => here.has(id)) : []);
  Object.assign(state, { rows: data.rows, costs: data.costs, revision: data.revision, chosen, last: null, head: h("tr"), body: h("tbody") });
  state.body.append(...data.rows.map((row) => drawRow(row, state)));
  root.replaceChildren(h("table", {}, h("thead", {}, state.head), state.body));
  mark(state);
}
