// What stands below a message of a chat: its branches, its buttons, how it was made.

// After an answer that failed, was stopped or is empty.
function againButtons({ text, stopped }) {
  const more = text ? word("Continue", "continue") : null;
  return h("div", { class: "actions" }, ...(stopped ? [more, word("Retry", "retry")] : [word("Retry", "retry"), word("Use another model", "other-model"), more]));
}

function drawFoot(article, view, state) {
  const foot = article.parts.foot;
  const busy = view.status === "streaming";
  const branches = view.siblings.length > 1
    ? [h("span", { class: "branches", role: "group", "aria-label": "Branches" },
        tool("chevron_left", "Previous branch", "branch", { "data-step": "-1", disabled: view.index === 0 }),
        h("span", { class: "count" }, `${view.index + 1}/${view.siblings.length}`),
        tool("chevron_right", "Next branch", "branch", { "data-step": "1", disabled: view.index === view.siblings.length - 1 }))]
    : [];
  const tools = busy || view.local ? [] : view.role === "user"
    ? [tool("edit", "Edit", "edit"), tool("content_copy", "Copy", "copy")]
    : [tool("content_copy", "Copy", "copy"), view.role === "assistant" ? tool("refresh", "Regenerate", "retry") : tool("edit", "Edit", "edit")];
  if (tools.length) tools.push(tool("more_horiz", "More actions", "menu", { "aria-haspopup": "menu", "aria-expanded": "false" }));
  const mark = view.feedback ? [h("span", { class: "feedback", title: view.feedback.reason || null }, icon(view.feedback.value === "good" ? "thumb_up" : "thumb_down"))] : [];
  const said = view.facts.map((fact) => h("span", { title: fact.title || null }, fact.text));
  const opens = said.length > 0 && view.role === "assistant" && !busy && !view.local;
  const facts = h("p", { class: "facts" }, ...(opens ? [h("button", { type: "button", "data-act": "what-went-in", title: "Show what went in" }, ...said)] : said), ...(view.notes ?? []).map(drawNote));
  const focused = foot.contains(foot.getRootNode().activeElement) && foot.getRootNode().activeElement.dataset.act;
  foot.replaceChildren(h("div", { class: "toolbar" }, ...branches, h("span", { class: "tools" }, ...tools), ...mark), facts);
  if (focused) foot.querySelector(`[data-act="${focused}"]`)?.focus({ preventScroll: true });
}

// What a room made of an answer; it leads to that room's page.
function drawNote(note) {
  const query = new URLSearchParams(note.query).toString();
  return h("span", { class: "note" }, h("a", { href: `${note.page}?${query}`, "data-act": "open-page", "data-page": note.page, "data-query": query }, note.text));
}
