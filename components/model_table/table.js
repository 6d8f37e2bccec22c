// `data`: {rows: [see row() beside this file], default, abilities: [[name, word, icon]]}.
// Sends one trigger, "event": {do, id, alias?}. Search, filters and order stay in here.

const tables = new WeakMap();
const STEP = 100;
const COLUMNS = [
  ["title", "Model", "name"], ["", "Abilities", "can"], ["context", "Context", "number"], ["answer", "Answer", "number"],
  ["input", "Input", "number"], ["cached", "Cached", "number"], ["output", "Output", "number"],
];
const HINTS = {
  context: "Tokens that fit into one request", answer: "Longest answer, in tokens",
  input: "US dollars for a million tokens sent", cached: "US dollars for a million tokens that the provider remembers", output: "US dollars for a million tokens written",
};
const label = (row) => row.alias || row.title;
const plural = (count) => `${count.toLocaleString("en")} model${count === 1 ? "" : "s"}`;

function fits(row, state, filter) {
  if (filter === "Favourites") return row.favourite;
  if (filter === "Free") return row.input[1] === 0 && row.output[1] === 0;
  if (filter === "Local") return row.local;
  const ability = state.data.abilities.find(([, text]) => text === filter);
  return !ability || Boolean(row.abilities?.includes(ability[0]));
}

function matching(state) {
  const words = state.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const filters = [...state.filters];
  const found = state.data.rows.filter((row) =>
    row.hidden === state.filters.has("Hidden") && (!state.from.value || row.from === state.from.value)
    && words.every((one) => row.find.includes(one)) && filters.every((one) => fits(row, state, one)));
  const { by, down } = state.order;
  if (!by) return found;
  const value = (row) => (by === "title" ? label(row).toLowerCase() : row[by][1]);
  // What is not known comes last in both directions.
  return found.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
  });
}

function drawName(row, state) {
  const facts = [row.from, `${row.context[0] === "unknown" ? "context unknown" : `${row.context[0]} context`}`, row.note || `${row.input[0]} in, ${row.output[0]} out`];
  return h("div", { class: "name", role: "cell" },
    h("div", { class: "first" }, h("b", { title: row.title, dir: "auto" }, label(row)), row.id === state.data.default && h("span", { class: "tag", title: "New chats start with this model" }, "Default")),
    h("div", { class: "second", title: row.name }, `${row.from}  ·  ${row.name}`), h("div", { class: "second narrow" }, facts.join("  ·  ")));
}

function drawAbilities(row, state) {
  if (row.abilities === null) return h("div", { class: "can unknown", role: "cell" }, "unknown");
  const known = state.data.abilities.filter(([name]) => row.abilities.includes(name));
  const signs = known.map(([, text, sign]) => h("span", { class: "sign", role: "img", title: text, "aria-label": text }, icon(sign)));
  return h("div", { class: "can", role: "cell" }, ...(signs.length ? signs : [h("span", { class: "unknown" }, "text only")]));
}

const drawNumber = ([text, value]) => h("div", { class: value === null ? "number unknown" : "number", role: "cell" }, text);

function drawRow(row, state) {
  const star = tool("star", "", "star", { class: row.favourite ? "tool star on" : "tool star" });
  const named = () => { star.title = row.favourite ? "Remove from favourites" : "Add to favourites"; star.setAttribute("aria-label", `${star.title}: ${label(row)}`); star.setAttribute("aria-pressed", row.favourite); };
  named();
  star.onclick = () => {
    row.favourite = !row.favourite;
    star.classList.toggle("on", row.favourite);
    named();
    state.send({ do: row.favourite ? "favourite" : "unfavourite", id: row.id });
  };
  const more = tool("more_horiz", `Actions for ${label(row)}`, "more", { "aria-haspopup": "menu", "aria-expanded": "false" });
  const node = h("div", { class: "row", role: "row", "data-id": row.id }, h("div", { role: "cell" }, star), drawName(row, state), drawAbilities(row, state), drawNumber(row.context), drawNumber(row.answer),
    ...(row.note ? [h("div", { class: "note", role: "cell" }, row.note)] : [row.input, row.cached, row.output].map(drawNumber)), h("div", { role: "cell" }, more));
  more.onclick = () => openMenu(state.host, more, [
    ...(row.id === state.data.default || row.hidden ? [] : [{ label: "Use for new chats", icon: "chat_add_on", act: "default" }]),
    { label: row.alias ? "Change alias" : "Give an alias", icon: "edit", act: "alias" },
    ...(row.alias ? [{ label: "Remove alias", icon: "label_off", act: "unalias" }] : []),
    { label: "Copy model name", icon: "content_copy", act: "copy" }, "-",
    row.hidden ? { label: "Show in picker", icon: "visibility", act: "show" } : { label: "Hide from picker", icon: "visibility_off", act: "hide" },
  ], ({ act }) => pick(act, row, node, state));
  return node;
}

function pick(act, row, node, state) {
  if (act === "alias") return rename(row, node, state);
  if (act === "copy") return copyText(row.name).then(() => say(state, "Copied."), (error) => say(state, error.message));
  if (act === "unalias") { row.alias = ""; draw(state); return state.send({ do: "alias", id: row.id, alias: "" }); }
  if (act === "default") state.data.default = row.id;
  else row.hidden = act === "hide";
  draw(state);
  say(state, { default: `New chats start with ${label(row)}.`, hide: `${label(row)} is hidden. The filter Hidden finds it.`, show: `${label(row)} is in the picker again.` }[act]);
  state.send({ do: act, id: row.id });
}

function rename(row, node, state) {
  const input = h("input", { type: "text", class: "alias", maxlength: "60", placeholder: row.title, "aria-label": `Alias of ${row.title}` });
  input.value = row.alias;
  let open = true;
  const end = (keep) => {
    if (!open) return;
    open = false;
    const alias = input.value.trim();
    const changed = keep && alias !== row.alias;
    if (changed) row.alias = alias;
    const again = drawRow(row, state);
    node.replaceWith(again);
    again.querySelector('[data-act="more"]').focus({ preventScroll: true });
    if (changed) state.send({ do: "alias", id: row.id, alias });
    state.settle();
  };
  input.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault(); // else the same Enter presses the button that gets the focus
    end(event.key === "Enter");
  };
  input.onblur = () => end(true);
  node.querySelector(".first").replaceChildren(input);
  input.focus();
  input.select();
}

function say(state, text) {
  state.foot.firstChild.textContent = text;
}

function drawHead(state) {
  const cells = COLUMNS.map(([by, text, kind]) => {
    if (!by) return h("div", { class: kind, role: "columnheader" }, text);
    const on = state.order.by === by;
    const button = h("button", { type: "button", title: HINTS[by] ?? "" }, text, on && icon(state.order.down ? "arrow_downward" : "arrow_upward"));
    button.onclick = () => { state.order = on && state.order.down ? { by: "", down: false } : { by, down: on }; draw(state); };
    return h("div", { class: kind, role: "columnheader", "aria-sort": on ? (state.order.down ? "descending" : "ascending") : "none" }, button);
  });
  return h("div", { class: "row head", role: "row" }, h("div", { role: "columnheader", "aria-label": "Favourite" }), ...cells, h("div", { role: "columnheader", "aria-label": "Actions" }));
}

function drawFilters(state) {
  const rows = state.data.rows;
  const names = ["Favourites", ...state.data.abilities.map(([, text]) => text), "Free", "Local"].filter((name) => state.filters.has(name) || rows.some((row) => fits(row, state, name)));
  if (state.filters.has("Hidden") || rows.some((row) => row.hidden)) names.push("Hidden");
  state.chips.replaceChildren(...names.map((name) => {
    const chip = h("button", { type: "button", class: "chip", "aria-pressed": String(state.filters.has(name)) }, name[0].toUpperCase() + name.slice(1));
    chip.onclick = () => { if (!state.filters.delete(name)) state.filters.add(name); state.shown = STEP; draw(state); state.chips.querySelector(`[data-name="${name}"]`)?.focus(); };
    chip.dataset.name = name;
    return chip;
  }));
}

function draw(state) {
  drawFilters(state);
  const found = matching(state);
  const visible = found.slice(0, state.shown);
  state.table.replaceChildren(drawHead(state), ...visible.map((row) => drawRow(row, state)));
  if (!found.length) state.table.append(nothing(state));
  const total = state.data.rows.filter((row) => !row.hidden).length;
  say(state, `${found.length === total ? plural(total) : `${found.length.toLocaleString("en")} of ${plural(total)}`}. Prices are US dollars for a million tokens.`);
  state.more.hidden = visible.length === found.length;
  state.more.textContent = `Show ${Math.min(STEP, found.length - visible.length)} more`;
}

function nothing(state) {
  const clear = word("Clear search and filters", "clear");
  clear.onclick = () => { state.search.value = ""; state.from.value = ""; state.filters.clear(); draw(state); state.search.focus(); };
  return h("div", { class: "nothing" }, h("p", {}, "No model fits."), clear);
}

function build(root, state) {
  state.search = h("input", { type: "search", placeholder: "Search models", "aria-label": "Search models", autocomplete: "off", spellcheck: "false" });
  state.from = h("select", { "aria-label": "Connection" });
  state.chips = h("div", { class: "chips", role: "group", "aria-label": "Filters" });
  state.table = h("div", { class: "table", role: "table", "aria-label": "Models" });
  state.more = word("", "more");
  state.foot = h("div", { class: "foot" }, h("span", { role: "status" }), state.more);
  state.search.oninput = state.from.onchange = () => { state.shown = STEP; draw(state); };
  state.more.onclick = () => { state.shown += STEP; draw(state); };
  root.replaceChildren(h("div", { class: "controls" }, h("label", { class: "search" }, icon("search"), state.search), state.from), state.chips, state.table, state.foot);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const state = tables.get(root) ?? { filters: new Set(), order: { by: "", down: false }, shown: STEP };
  tables.set(root, state);
  state.host = parentElement;
  state.send = (event) => setTriggerValue("event", event);
  const said = JSON.stringify(data);
  if (state.said === said) return;
  if (!state.said) build(root, state);
  state.said = said;
  state.settle = steady(root, () => take(data, state), () => Boolean(root.querySelector(".menu, .alias")));
}

function take(data, state) {
  state.data = data;
  const names = [...new Set(data.rows.map((row) => row.from))];
  const chosen = state.from.value;
  state.from.replaceChildren(h("option", { value: "" }, "All connections"), ...names.map((name) => h("option", { value: name }, name)));
  state.from.value = names.includes(chosen) ? chosen : "";
  state.from.hidden = names.length < 2;
  draw(state);
}
