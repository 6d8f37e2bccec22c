// `data`: {rows: [{id, number, text, title, place, facts, quiet, bars: [{name, value, share, title}]}], label}. Sends one
// trigger, "event": {id}: the passage that was opened.

const said = new WeakMap();

const drawBar = ({ name, value, share, title }) =>
  h("div", { class: "bar", title }, h("dt", {}, name), h("dd", {}, h("span", { class: "track" }, h("span", { class: "fill", style: `width:${Math.round(share * 100)}%` })), h("span", { class: "value" }, value)));

function drawRow(row, send) {
  const head = h("span", { class: "head" }, row.title ? h("b", {}, row.title) : null, row.place ? h("span", { class: "place" }, row.place) : null, h("span", { class: "spacer" }), row.facts ? h("span", { class: "facts" }, row.facts) : null);
  const open = h("button", { type: "button", class: "open" }, h("span", { class: "number" }, row.number), h("span", { class: "lines" }, head, h("span", { class: "text", dir: "auto" }, row.text)));
  open.onclick = () => {
    tell("hub:source", { key: row.id, title: row.title, place: row.place, number: 0, opener: open });
    send({ id: row.id });
  };
  return h("li", { class: row.quiet ? "quiet" : null }, open, row.bars.length ? h("dl", {}, ...row.bars.map(drawBar)) : null);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const now = JSON.stringify(data);
  if (said.get(root) === now) return;
  said.set(root, now);
  steady(root, () => root.replaceChildren(h("ol", { "aria-label": data.label }, ...data.rows.map((row) => drawRow(row, (event) => setTriggerValue("event", event))))));
}
