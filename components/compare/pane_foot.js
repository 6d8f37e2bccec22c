// How an answer was made: under the older ones, and for the newest at the lower edge of its column, always in sight.

function againButtons({ stopped }) {
  return h("div", { class: "actions" }, word("Answer again", "retry"), stopped ? null : word("Use another model", "other-model", { class: "word swap" }));
}

function footParts(view, state) {
  if (state.data.veiled) return [h("p", { class: "facts" }, "Figures are shown after the vote"), h("span", { class: "spacer" }), copyButton(view)];
  const said = view.facts.map((fact) => h("span", { title: fact.title || null }, fact.text));
  const opens = said.length && !view.local;
  const facts = h("p", { class: "facts" }, ...(opens ? [h("button", { type: "button", "data-act": "what-went-in", "data-message": view.id, title: "Show what went in" }, ...said)] : said));
  return [facts, h("span", { class: "spacer" }), copyButton(view)];
}

const copyButton = (view) => (view.text ? tool("content_copy", "Copy this answer", "copy", { "data-message": view.id }) : "");

function drawFoot(article, view, state) {
  const drawn = view.role === "assistant" && view.status !== "streaming";
  article.parts.foot.replaceChildren(...(drawn ? footParts(view, state) : []));
}
