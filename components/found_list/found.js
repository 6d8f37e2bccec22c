// `data`: {groups: [{title, talks: [{title, link, project_name, changed, icons, passages, more}] or things: [...]}]}; titles and
// passages are lists of [text, found]. Sends one trigger, "event": {link}.

const drawn = new WeakMap();

const pieces = (list) => list.map(([text, found]) => (found ? h("mark", {}, text) : text));

function link(state, href, properties, ...children) {
  const node = h("a", { href, ...properties }, ...children);
  node.onclick = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    state.send({ link: href });
  };
  return node;
}

const about = (who, when) => h("div", { class: "about" }, h("span", {}, who), h("span", { class: "when" }, when));

function talk(one, state) {
  const head = link(state, one.link, { class: "talk" }, ...one.icons.map(icon), h("b", {}, ...pieces(one.title)),
    one.project_name && h("span", { class: "project" }, one.project_name), h("span", { class: "when" }, one.changed));
  const said = one.passages.map((passage) => link(state, passage.link, { class: "passage" }, about(passage.who, passage.said), h("div", { class: "text" }, ...pieces(passage.pieces))));
  const more = one.more ? h("div", { class: "more" }, one.more === 1 ? "1 more message in this chat" : `${one.more} more messages in this chat`) : "";
  return h("section", {}, head, ...said, more);
}

const thing = (one, state) =>
  h("section", {}, link(state, one.link, { class: "passage" }, about([one.title, one.place].filter(Boolean).join(" \u00b7 "), one.at), h("div", { class: "text" }, ...pieces(one.pieces))));

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const state = drawn.get(root) ?? {};
  drawn.set(root, state);
  state.send = (event) => setTriggerValue("event", event);
  const said = JSON.stringify(data);
  if (state.said === said) return;
  state.said = said;
  steady(root, () => root.replaceChildren(...data.groups.map((group) =>
    h("div", { role: "group", "aria-label": group.title }, h("h3", {}, group.title), ...(group.talks ?? []).map((one) => talk(one, state)), ...(group.things ?? []).map((one) => thing(one, state))))));
  root.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches("a")) return;
    event.preventDefault();
    const all = [...root.querySelectorAll("a")];
    all[all.indexOf(event.target) + step]?.focus();
  };
}
