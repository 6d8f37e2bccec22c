// Rows with boxes: which are chosen, with Shift from one to another. A list that uses it has `state.rows`, `state.body`
// with an element for each row (`data-id`, an input in it), and `drawHead(state)` for what is above them.

const box = (label) => h("input", { type: "checkbox", "aria-label": label });

// The box for all rows.
function boxOfAll(state) {
  const all = box("Choose all on this page");
  all.checked = state.chosen.size > 0 && state.chosen.size === state.rows.length;
  all.indeterminate = state.chosen.size > 0 && !all.checked;
  all.onchange = () => { state.chosen = new Set(all.checked ? state.rows.map((row) => row.id) : []); mark(state); };
  return all;
}

// A button that does something with the chosen rows.
function actButton(state, name, label, kind = "") {
  const button = word(label, name, { class: `word ${kind}` });
  button.onclick = () => state.send({ do: name, ids: [...state.chosen] });
  return button;
}

function mark(state) {
  for (const line of state.body.querySelectorAll("[data-id]")) {
    const on = state.chosen.has(line.dataset.id);
    line.classList.toggle("chosen", on);
    line.querySelector("input").checked = on;
  }
  drawHead(state);
}

function choose(state, row, on, range) {
  const ids = state.rows.map((one) => one.id);
  const [from, to] = [ids.indexOf(range ? state.last ?? row.id : row.id), ids.indexOf(row.id)].sort((a, b) => a - b);
  for (const id of ids.slice(from, to + 1)) on ? state.chosen.add(id) : state.chosen.delete(id);
  state.last = row.id;
  mark(state);
}
