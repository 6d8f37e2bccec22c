// Looking up entries {title, find?} by what is typed: every word must be in it, or its letters in that order.

const lower = (text) => text.toLocaleLowerCase();
const wordsOf = (query) => lower(query).split(/\s+/).filter(Boolean);
const WEAK = 4;

// How well an entry answers, lower is better; WEAK when only the letters stand in order, null not at all.
function rank({ title, find = "" }, words) {
  const name = lower(title);
  if (name.startsWith(words.join(" "))) return 0;
  if (words.every((word) => ` ${name}`.includes(` ${word}`))) return 1;
  if (words.every((word) => name.includes(word))) return 2;
  const all = `${name} ${lower(find)}`;
  if (words.every((word) => all.includes(word))) return 3;
  return inOrder(name, words.join("")) ? WEAK : null;
}

// Where each letter of `wanted` is found, one after the other; null when one is missing.
function inOrder(name, wanted) {
  const places = [];
  for (const letter of wanted) {
    const at = name.indexOf(letter, (places.at(-1) ?? -1) + 1);
    if (at < 0) return null;
    places.push(at);
  }
  return places.length > 1 ? places : null;
}

// The entries that answer, best first, those of equal rank in the order they came in.
const matching = (entries, words) =>
  entries
    .map((entry) => ({ entry, rank: rank(entry, words) }))
    .filter((found) => found.rank !== null)
    .sort((one, other) => one.rank - other.rank);

// The title with what was typed marked in it.
function marked(title, words) {
  if (!words.length) return [title];
  const literal = [...words].sort((one, other) => other.length - one.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = title.split(new RegExp(`(${literal.join("|")})`, "giu"));
  if (parts.length > 1) return parts.map((part, at) => (at % 2 ? h("mark", {}, part) : part));
  const places = inOrder(lower(title), words.join(""));
  return places ? [...title].map((letter, at) => (places.includes(at) ? h("mark", {}, letter) : letter)) : [title];
}
