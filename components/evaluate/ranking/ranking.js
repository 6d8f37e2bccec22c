// `data`: {places: [{rank, model, score, low, high, value, count, note}], label, unit, low, high}. Draws only.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const reach = Math.max(data.high - data.low, 1e-9);
  const at = (value) => (100 * (value - data.low)) / reach;
  const line = (place) => {
    const told = `${place.value}, between ${Math.round(place.low * 100) / 100} and ${Math.round(place.high * 100) / 100} at 95 %`;
    const bar = h("div", { class: "bar", role: "img", "aria-label": told, title: told }, h("i", { class: "range", style: `left:${at(place.low)}%;width:${at(place.high) - at(place.low)}%` }), h("i", { class: "point", style: `left:${at(place.score)}%` }));
    return h("tr", {}, h("td", { class: "rank" }, place.rank), h("th", { scope: "row" }, h("div", { class: "model", title: place.model }, place.model), place.note ? h("div", { class: "note" }, place.note) : null), h("td", { class: "score" }, place.value), h("td", { class: "wide" }, bar), h("td", { class: "count" }, place.count));
  };
  root.replaceChildren(h("table", { "aria-label": data.label }, h("thead", {}, h("tr", {}, ...["Rank", "Model", data.unit, "95 % interval", "Rests on"].map((name, place) => h("th", { scope: "col", class: ["rank", "", "score", "wide", "count"][place] }, name)))), h("tbody", {}, ...data.places.map(line))));
}
