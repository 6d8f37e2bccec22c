// `data`: {cards: [{id, name, text, changed}]}. Sends one trigger, "event": {id}.

const drawn = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const said = JSON.stringify(data);
  if (drawn.get(root) === said) return;
  drawn.set(root, said);
  steady(root, () => root.replaceChildren(...data.cards.map(({ id, name, text, changed }) => {
    const card = h("a", { href: `/projects?p=${encodeURIComponent(id)}` },
      h("span", { class: "name" }, icon("folder"), h("span", { title: name }, name)), text && h("span", { class: "text" }, text), h("span", { class: "changed" }, changed));
    card.onclick = (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setTriggerValue("event", { id });
    };
    return card;
  })));
}
