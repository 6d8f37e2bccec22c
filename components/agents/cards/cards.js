// `data`: {cards: [{id, name, face, text, model, has, foot, draft, mine}], revision}.
// Sends one trigger, "event": {do: "open" | "chat" | "duplicate" | "export" | "share" | "delete", id}.

const drawn = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const said = JSON.stringify(data);
  if (drawn.get(root) === said) return;
  drawn.set(root, said);
  const busy = () => Boolean(root.querySelector(".menu"));
  steady(root, () => {
    const at = root.getRootNode().activeElement;
    const focus = at && [at.closest(".card")?.dataset.id, at.dataset.act];
    root.replaceChildren(...data.cards.map((one) => card(one, parentElement, setTriggerValue)));
    if (focus?.[0]) [...root.querySelectorAll(".card")].find(({ dataset }) => dataset.id === focus[0])?.querySelector(focus[1] ? `[data-act="${focus[1]}"]` : "a")?.focus();
  }, busy);
}

function card(one, shadow, send) {
  const wish = (what) => send("event", { do: what, id: one.id });
  const link = h("a", { href: `/agent?a=${encodeURIComponent(one.id)}`, title: one.name }, one.name);
  link.onclick = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    wish("open");
  };
  const more = tool("more_horiz", `More for ${one.name}`, "menu", { "aria-haspopup": "menu", "aria-expanded": "false" });
  const items = [{ label: one.mine ? "Edit" : "Look inside", icon: one.mine ? "edit" : "visibility", act: "open" }, { label: "Duplicate", icon: "content_copy", act: "duplicate" }, { label: "Export", icon: "download", act: "export" },
    ...(one.mine ? [{ label: "Share", icon: "group_add", act: "share" }, "-", { label: "Delete", icon: "delete", act: "delete", danger: true }] : [])];
  more.onclick = () => openMenu(shadow, more, items, ({ act }) => wish(act), { label: `Actions for ${one.name}` });
  const chat = h("button", { type: "button", class: "word", "data-act": "chat", "aria-label": `Chat with ${one.name}` }, icon("forum"), "Chat");
  chat.onclick = () => wish("chat");
  const marks = [...(one.draft ? [h("span", { class: "draft" }, icon("edit_note"), "Not saved")] : []), ...one.has.map(({ icon: sign, text }) => h("span", {}, icon(sign), text))];
  return h("div", { class: "card", "data-id": one.id },
    h("div", { class: "head" }, h("span", { class: "face", "aria-hidden": "true", style: `background: ${one.face.colour}` }, one.face.sign),
      h("div", { class: "names" }, link, h("span", { class: "model", title: one.model }, one.model)), more),
    h("div", { class: "text" }, one.text),
    h("div", { class: "marks" }, ...marks),
    h("div", { class: "foot" }, h("span", { class: "said", title: one.foot }, one.foot), chat));
}
