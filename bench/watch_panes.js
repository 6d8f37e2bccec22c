// Put into a page by the benchmark of columns: how late each column shows what the provider sent, in ms.
(offset) => {
  const root = [...document.querySelectorAll("*")].map((one) => one.shadowRoot).find((one) => one?.querySelector(".board"));
  const panes = [...root.querySelectorAll(".board .pane")];
  const late = panes.map(() => []);
  const newest = panes.map(() => 0);
  const now = () => performance.timeOrigin + performance.now();
  let ended = false;
  // Of all that came new into a column in this frame the oldest counts.
  const frame = () => {
    const time = now();
    panes.forEach((pane, at) => {
      const text = pane.querySelector(".turn:last-child article.assistant .body")?.lastElementChild?.lastChild?.textContent ?? "";
      const stamps = text.slice(-800).split(" ").slice(1).map(Number).filter((stamp) => stamp > newest[at]);
      if (!stamps.length) return;
      if (newest[at]) late[at].push(time - (stamps[0] / 1e6 + offset));
      newest[at] = stamps.at(-1);
    });
    ended = !root.querySelector(".pane.busy");
    if (!ended) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.hubPanes = { over: () => ended, result: () => ({ late, seen: panes.filter((pane) => pane.pane.seen).length }) };
};
