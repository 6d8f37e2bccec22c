// Small building blocks that our own components share. Concatenated in front of their code; no imports, no build step.

function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const icon = (name) => h("span", { class: "icon", "aria-hidden": "true" }, name);

const tool = (name, label, act, more = {}) =>
  h("button", { type: "button", class: "tool", title: label, "aria-label": label, "data-act": act, ...more }, icon(name));

const word = (label, act, more = {}) => h("button", { type: "button", class: "word", "data-act": act, ...more }, label);

const fileSize = (bytes) => (bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

// Make the children of `target` look like `html`, touching only what differs: selections and open parts survive.
function morph(target, html) {
  const next = h("template");
  next.innerHTML = html;
  patchChildren(target, next.content);
}

function patchChildren(target, next) {
  let known = target.firstChild;
  let wanted = next.firstChild;
  while (wanted) {
    const following = wanted.nextSibling;
    if (!known) {
      target.append(wanted);
    } else {
      const after = known.nextSibling;
      if (known.nodeName === wanted.nodeName) patchNode(known, wanted);
      else target.replaceChild(wanted, known);
      known = after;
    }
    wanted = following;
  }
  while (known) {
    const after = known.nextSibling;
    known.remove();
    known = after;
  }
}

function patchNode(known, wanted) {
  if (known.nodeType !== Node.ELEMENT_NODE) {
    if (known.data === wanted.data) return;
    if (wanted.data.startsWith(known.data)) known.appendData(wanted.data.slice(known.data.length));
    else known.data = wanted.data;
    return;
  }
  // A drawn diagram no longer looks like its source; the source it was drawn from tells whether it is still right.
  if (known.diagramSource !== undefined && known.diagramSource === diagramSource(wanted)) return;
  if (known.isEqualNode(wanted)) return;
  for (const { name } of [...known.attributes]) if (!wanted.hasAttribute(name)) known.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (known.getAttribute(name) !== value) known.setAttribute(name, value);
  patchChildren(known, wanted);
}

const diagramSource = (figure) => figure.querySelector?.("pre.mermaid")?.textContent;

// What has the focus, inside a component too.
function focused() {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found ?? document.body;
}

async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Plain HTTP on a local network has no clipboard API.
  const area = h("textarea", { style: "position:fixed;opacity:0" });
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("The browser did not allow copying.");
}

// JSON from our own API; throws an Error with a sentence, and `hint` and `kind` where the hub gives them.
async function api(path, { method = "POST", body, form } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: form ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch {
    throw Object.assign(new Error("The hub does not answer."), { kind: "offline", hint: "Nothing was sent. Try again when it is back." });
  }
  const text = await answer.text();
  let data = {};
  try {
    data = text ? JSON.parse(text) : {};
  } catch {
    data = { error: { message: `The hub answered with status ${answer.status}.` } };
  }
  if (answer.ok && !data.error) return data;
  const { message = `The hub answered with status ${answer.status}.`, hint = "", kind = "error" } = data.error ?? {};
  throw Object.assign(new Error(message), { hint, kind });
}

const tell = (name, detail) => window.dispatchEvent(new CustomEvent(name, { detail }));

// A menu in the top layer beside `anchor`: [{label, icon, act, value, danger}] or "-" for a line. Calls back with the item.
// With `find` a field above a long list narrows it; with `stay` it stays open for more picks.
function openMenu(root, anchor, items, onPick, { label = "Actions", find = "", stay = false } = {}) {
  root.querySelector(".menu")?.remove();
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label });
  for (const item of items) {
    if (item === "-") menu.append(h("hr"));
    else if (item.heading) menu.append(h("div", { class: "heading" }, item.heading));
    else {
      const entry = h("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : null }, icon(item.icon ?? ""), h("span", { class: "label" }, item.label), item.about ? h("span", { class: "about" }, item.about) : null);
      entry.onclick = () => {
        if (!stay) menu.hidePopover();
        onPick(item);
      };
      menu.append(entry);
    }
  }
  const buttons = [...menu.querySelectorAll("button")];
  const field = find && buttons.length > 8 ? findField(menu, find, buttons) : null;
  menu.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = [field, ...buttons].filter((entry) => entry && !entry.hidden);
    const at = entries.indexOf(menu.getRootNode().activeElement);
    entries[(at + step + entries.length) % entries.length].focus();
  };
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    menu.remove();
    if (root.activeElement === null || root.activeElement === document.body) anchor.focus({ preventScroll: true });
  });
  root.querySelector(".root").append(menu);
  menu.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  const place = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = place.bottom + 4 + size.height < window.innerHeight;
  menu.style.top = `${below ? place.bottom + 4 : Math.max(8, place.top - 4 - size.height)}px`;
  menu.style.left = `${Math.max(8, Math.min(place.left, window.innerWidth - size.width - 8))}px`;
  (field ?? buttons[0])?.focus();
  return menu;
}

// Hides what does not hold all the words; Enter takes the first that is left.
function findField(menu, label, buttons) {
  const field = h("input", { type: "search", class: "find", "aria-label": label, placeholder: label });
  const none = h("div", { class: "heading", role: "status", hidden: true }, "No match");
  field.oninput = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const button of buttons) button.hidden = !words.every((part) => button.textContent.toLowerCase().includes(part));
    none.hidden = buttons.some((button) => !button.hidden);
  };
  field.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return menu.onkeydown(event);
    if (event.key === "Enter") buttons.find((button) => !button.hidden)?.click();
    if (event.key === "Escape") menu.hidePopover();
  };
  menu.prepend(field);
  menu.append(none);
  return field;
}
