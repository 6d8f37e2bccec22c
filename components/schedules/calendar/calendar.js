// `data`: {month, days: [{number, label, today, outside, entries: [{id, time, text, icon, tone, title}]}]}, whole weeks
// from Monday on. Sends one trigger, "event": {id}. Arrow keys go from entry to entry, up and down to other days.

const drawn = new WeakMap();
const SHOWN = 3;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const said = JSON.stringify(data);
  if (drawn.get(root) === said) return;
  drawn.set(root, said);
  const send = (id) => setTriggerValue("event", { id });
  steady(root, () => {
    const weeks = [];
    for (let at = 0; at < data.days.length; at += 7) weeks.push(h("div", { role: "row", class: "week" }, ...data.days.slice(at, at + 7).map((day) => makeDay(day, send))));
    const head = h("div", { role: "row", class: "week names" }, ...WEEKDAYS.map((name) => h("span", { role: "columnheader" }, name)));
    const grid = h("div", { role: "grid", "aria-label": data.month, class: "grid" }, head, ...weeks);
    grid.onkeydown = (event) => step(grid, event);
    root.replaceChildren(grid);
  });
}

function makeDay(day, send) {
  const entries = day.entries.map((entry, place) => makeEntry(entry, place, send));
  const more = day.entries.length > SHOWN + 1 ? h("button", { type: "button", class: "more" }, `${day.entries.length - SHOWN} more`) : null;
  if (more) {
    for (const one of entries.slice(SHOWN)) one.hidden = true;
    more.onclick = () => {
      for (const one of entries) one.hidden = false;
      more.remove();
      entries[SHOWN].focus();
    };
  }
  const classes = ["day", day.today && "today", day.outside && "outside", !day.entries.length && "free"].filter(Boolean).join(" ");
  return h("div", { role: "gridcell", class: classes, "aria-label": `${day.label}${day.today ? ", today" : ""}` }, h("span", { class: "number", "aria-hidden": "true" }, h("span", { class: "short" }, String(day.number)), h("span", { class: "long" }, day.label)), ...entries, more);
}

function makeEntry(entry, place, send) {
  const link = h("a", { href: `schedule?s=${encodeURIComponent(entry.id)}`, class: entry.tone, title: entry.title, "aria-label": entry.title }, icon(entry.icon), h("span", { class: "time" }, entry.time), h("span", { class: "text" }, entry.text));
  link.onclick = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    send(entry.id);
  };
  return link;
}

function step(grid, event) {
  const here = event.target.closest("a");
  const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
  if (!here || !way) return;
  event.preventDefault();
  const links = [...grid.querySelectorAll("a:not([hidden])")];
  if (Math.abs(way) === 1) return links[links.indexOf(here) + way]?.focus();
  const near = here[way > 0 ? "nextElementSibling" : "previousElementSibling"];
  if (near?.tagName === "A" && !near.hidden) return near.focus();
  const days = [...grid.querySelectorAll(".day")];
  for (let at = days.indexOf(here.parentElement) + way; at >= 0 && at < days.length; at += way) {
    const found = [...days[at].querySelectorAll("a:not([hidden])")];
    if (found.length) return found.at(way > 0 ? 0 : -1).focus();
  }
}
