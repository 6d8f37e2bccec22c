// `data`: {groups: [{heading, sentences: [{text, facts}]}]}. A sentence leads to the facts that it rests on.
// Sends one trigger, "event": [ids].

const drawn = new WeakMap();

function sentence(one, send) {
  if (!one.facts.length) return h("span", { dir: "auto" }, `${one.text} `);
  const link = h("a", { href: `?fact=${encodeURIComponent(one.facts[0])}`, dir: "auto", title: one.facts.length > 1 ? `Rests on ${one.facts.length} memories` : "Open the memory" }, one.text);
  link.onclick = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    send(one.facts);
  };
  return h("span", {}, link, one.facts.length > 1 ? h("sup", { "aria-hidden": "true" }, one.facts.length) : null, " ");
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const said = JSON.stringify(data);
  if (drawn.get(root) === said) return;
  drawn.set(root, said);
  const send = (ids) => setTriggerValue("event", ids);
  steady(root, () => root.replaceChildren(...data.groups.map((group) =>
    h("section", {}, group.heading ? h("h3", {}, group.heading) : null, h("p", {}, ...group.sentences.map((one) => sentence(one, send)))))));
}
