// Put into a page by the browser benchmarks: notes when a person would see something, frame by frame.
window.hubWatch = (() => {
  const roots = (node = document, found = [node]) => {
    for (const each of node.querySelectorAll("*")) if (each.shadowRoot) found.push(each.shadowRoot), roots(each.shadowRoot, found);
    return found;
  };
  const all = (selector) => roots().flatMap((root) => [...root.querySelectorAll(selector)]);
  const seen = {};
  let kept = [];
  const messages = () => {
    if (!kept.length || !kept.every((root) => root.host.isConnected))
      kept = roots().filter((root) => root !== document && root.querySelector("article.message"));
    return kept.flatMap((root) => [...root.querySelectorAll("article.message")]);
  };
  return {
    all,
    seen,
    count: () => messages().length,
    // Starts the clock at the next press of Enter; `first` is a new bubble, `token` the first text of an answer in it.
    arm() {
      for (const name of Object.keys(seen)) delete seen[name];
      const before = new Set(messages().map((each) => each.dataset.id));
      addEventListener("keydown", function pressed(event) {
        if (event.key !== "Enter") return;
        removeEventListener("keydown", pressed, true);
        const began = performance.now();
        const frame = () => {
          const fresh = messages().filter((each) => !before.has(each.dataset.id));
          if (seen.first === undefined && fresh.some((each) => each.classList.contains("user"))) seen.first = performance.now() - began;
          const answer = fresh.find((each) => each.classList.contains("assistant"));
          if (seen.token === undefined && answer?.querySelector(".body")?.textContent.trim()) seen.token = performance.now() - began;
          if (answer && ["done", "error"].includes(answer.dataset.status)) seen.done = performance.now() - began;
          if (seen.done === undefined) requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }, true);
    },
  };
})();
