// What the grid asks of the hub (hub/web/evals.py says what comes back), and numbers in words.

class Wire {
  constructor(run) {
    this.base = `/api/evals/${encodeURIComponent(run)}`;
    this.asked = 0;
  }

  summary(baseline) {
    return api(`${this.base}/summary${query({ baseline })}`, { method: "GET" });
  }

  // Null when a later question has been asked in the meantime: its answer is the one to show.
  async rows(wanted) {
    const number = ++this.asked;
    const found = await api(`${this.base}/rows${query(wanted)}`, { method: "GET" });
    return number === this.asked ? found : null;
  }

  cell(index) {
    return api(`${this.base}/cells/${index}`, { method: "GET" });
  }

  mark(index, passed, note) {
    return api(`${this.base}/cells/${index}/mark`, { body: { passed, note } });
  }

  watch(cells) {
    return api(`${this.base}/watch`, { body: { cells } });
  }

  live() {
    return api(`${this.base}/live`, { method: "GET" });
  }

  act(act) {
    return api(`${this.base}/act`, { body: { act } });
  }

  prepareSearch() {
    return api(`${this.base}/words`, { body: {} });
  }

  file(form) {
    return `${this.base}/export?form=${form}`;
  }
}

function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== 0);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

const number = (value) => value.toLocaleString("en-US");
const many = (count, one) => (count === 1 ? `1 ${one}` : `${number(count)} ${one}s`);
const percent = (share) => `${(share * 100).toFixed(share > 0.0005 && share < 0.9995 ? 1 : 0)} %`;
const short = (count) => (count < 1000 ? String(count) : count < 1e6 ? `${(count / 1000).toFixed(count < 1e4 ? 1 : 0)}k` : `${(count / 1e6).toFixed(1)}M`);
const span = (ms) => (ms === null ? "" : ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`);

function dollars(value) {
  if (value === null) return "price unknown";
  if (value === 0) return "free";
  return value < 0.0001 ? "<$0.0001" : `$${value.toFixed(value < 0.01 ? 4 : value < 1 ? 3 : 2)}`;
}

function left(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min left`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min left`;
}

const signed = (points) => `${points > 0 ? "+" : points < 0 ? "−" : "±"}${Math.abs(points * 100).toFixed(1)}`;
