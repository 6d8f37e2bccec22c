// Events of one run or of several over one EventSource, for as long as they last. The browser reconnects by itself unless
// it was refused; then the hub is asked what became of the runs. `heard` has take(event), setLost(lost) and gone(run).

class Stream {
  constructor(runs, address, heard) {
    Object.assign(this, { runs: new Set(runs), address, heard, failures: 0, closed: false });
    this.connect();
  }

  connect() {
    this.source = new EventSource(this.address);
    this.source.onmessage = (message) => this.heard.take(JSON.parse(message.data));
    this.source.onopen = () => {
      this.failures = 0;
      this.heard.setLost(false);
    };
    this.source.onerror = () => this.lost();
  }

  lost() {
    if (this.closed) return;
    this.failures += 1;
    if (this.failures > 1) this.heard.setLost(true);
    if (this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.ask(), Math.min(1000 * 2 ** this.failures, 15000));
  }

  async ask() {
    for (const run of this.runs) {
      try {
        await api(`/api/runs/${run}`, { method: "GET" });
      } catch (error) {
        if (error.kind === "offline") return this.lost();
        this.runs.delete(run);
        this.heard.gone(run);
      }
    }
    if (this.runs.size && !this.closed) this.connect();
  }

  close() {
    this.closed = true;
    clearTimeout(this.retry);
    this.source.close();
    this.heard.setLost(false);
  }
}
