// What a tool wants of the person before it runs: leave, or answers to its questions.

const ASK_LATER = [
  { icon: "chat", label: "Allow in this chat", remember: "chat" },
  { icon: "done_all", label: "Always allow", remember: "always" },
];
const DENY_LATER = [
  { icon: "chat", label: "Deny in this chat", remember: "chat" },
  { icon: "block", label: "Never allow", remember: "always" },
];

function drawAsk(call) {
  const ask = call.ask;
  if (ask.expired) return h("div", { class: "ask", "data-ask": call.id }, h("p", { class: "cause" }, "Nobody replied within 24 hours, so this was not run. Ask again to have it run."));
  const form = ask.questions.length > 0;
  const head = form ? null : h("p", { class: "cause" }, h("strong", {}, call.title || spoken(call.name)), call.group && call.group !== "Built in" ? ` from ${call.group}` : "", " wants to run with:");
  const body = form ? h("div", { class: "questions" }, ...ask.questions.map(drawQuestion)) : h("pre", { tabindex: "0", "aria-label": "Arguments" }, call.arguments);
  const buttons = form
    ? [askButton("Send answers", "reply-form", "word primary"), askButton("Skip", "reply-deny")]
    : [askButton("Allow once", "reply-allow", "word primary"), askButton("Deny", "reply-deny"), h("span", { class: "spacer" }),
      tool("more_horiz", "More replies", "reply-more", { "aria-haspopup": "menu", "aria-expanded": "false" })];
  return h("div", { class: "ask", "data-ask": call.id, role: "group", "aria-label": form ? "A question to you" : `${call.title || spoken(call.name)} asks for leave` },
    head, body, ask.why ? h("p", { class: "why" }, ask.why) : null, h("div", { class: "actions" }, ...buttons));
}

const askButton = (label, act, name = "word") => h("button", { type: "button", class: name, "data-act": act }, label);

function drawQuestion(question, at) {
  const label = h("span", { class: "label" }, question.text);
  if (!question.choices.length) return h("label", {}, label, h("textarea", { rows: "2", "data-name": question.name, dir: "auto" }));
  const kind = question.several ? "checkbox" : "radio";
  return h("fieldset", { "data-name": question.name }, h("legend", {}, question.text),
    ...question.choices.map((choice) => h("label", { class: "choice" }, h("input", { type: kind, name: `question-${at}`, value: choice }), choice)));
}

// The answers in a form by the names of the questions; null when one is missing, which then has the focus.
function formAnswers(card) {
  const answers = {};
  for (const field of card.querySelectorAll("[data-name]")) {
    const chosen = field.matches("textarea") ? field.value.trim() : [...field.querySelectorAll("input:checked")].map((input) => input.value).join(", ");
    if (!chosen) return (field.matches("textarea") ? field : field.querySelector("input")).focus(), null;
    answers[field.dataset.name] = chosen;
  }
  return answers;
}

// What the buttons of a card do; `send(kind, more)` names the message.
function askActs(button, send, shadow) {
  const card = button.closest(".ask");
  if (!card) return {};
  const reply = (more) => {
    for (const one of card.querySelectorAll("button, input, textarea")) one.disabled = true;
    send("reply", { call: card.dataset.ask, ...more });
  };
  return {
    "reply-allow": () => reply({ allowed: true }),
    "reply-deny": () => reply({ allowed: false }),
    "reply-form": () => {
      const answers = formAnswers(card);
      if (answers) reply({ allowed: true, answers });
    },
    "reply-more": () =>
      openMenu(shadow, button, [...ASK_LATER.map((one) => ({ ...one, allowed: true })), "-", ...DENY_LATER.map((one) => ({ ...one, allowed: false }))],
        ({ remember, allowed }) => reply({ remember, allowed }), { label: "More replies" }),
  };
}
