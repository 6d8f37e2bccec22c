// `data`: {cards: [{id, name, text, facts, origin, icon, mode, said, findings, warnings, everybody}], revision}.
// Sends one trigger, "event": {do: "open", id} or {do: "switch", id, mode}.

const drawn = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const said = JSON.stringify(data);
  if (drawn.get(root) === said) return;
  drawn.set(root, said);
  steady(root, () => {
    const at = root.getRootNode().activeElement;
    const focus = at && [at.closest(".card")?.dataset.id, at.className];
    root.replaceChildren(...data.cards.map((one) => card(one, setTriggerValue)));
    if (focus?.[0]) [...root.querySelectorAll(".card")].find(({ dataset }) => dataset.id === focus[0])?.querySelector(focus[1] ? `.${focus[1]}` : "a")?.focus();
  });
}

function card(one, send) {
  const link = h("a", { href: `/skill?s=${encodeURIComponent(one.id)}`, title: one.name }, one.name);
  link.onclick = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    send("event", { do: "open", id: one.id });
  };
  const on = one.mode !== "off";
  const toggle = h("button", { type: "button", class: "switch", role: "switch", "aria-checked": String(on), "aria-label": `${one.name}: ${one.said}` }, one.said);
  toggle.onclick = () => {
    toggle.setAttribute("aria-checked", String(!on));
    send("event", { do: "switch", id: one.id, mode: on ? "off" : "on" });
  };
  const marks = [mark("findings", "warning", one.findings), mark("warnings", "rule", one.warnings), one.everybody && mark("everybody", "group", "For everybody")].filter(Boolean);
  return h("div", { class: "card", "data-id": one.id },
    h("div", { class: "head" }, icon(one.icon), link, toggle),
    h("div", { class: "text" }, one.text),
    marks.length > 0 && h("div", { class: "marks" }, ...marks),
    h("div", { class: "foot" }, h("div", { title: one.facts }, one.facts), h("div", { title: one.origin }, one.origin)));
}

const mark = (name, sign, text) => text && h("span", { class: name }, icon(sign), text);
