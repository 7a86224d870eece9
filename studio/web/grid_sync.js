// The grid and the server: answers to our operations, and what others changed meanwhile.

Object.assign(Grid.prototype, {
  answered(answer, op) {
    for (const result of answer.results) {
      const row = this.rows.get(result.id);
      if (row) settleRow(row, result, op);
      this.paint(result.id);
    }
    this.takeCounts(answer.counts);
    this.root.dataset.acked = String(Number(this.root.dataset.acked || 0) + 1);
  },

  refused(op, message) {
    for (const change of op.changes) {
      const row = this.rows.get(change.id);
      if (row) Object.assign(row, { problem: message, state: "" });
      this.paint(change.id);
    }
    toast(this.root, `Not saved: ${message}`, 10);
  },

  takeCounts(counts) {
    if (this.counts && this.counts.trigger !== counts.trigger) this.trigger = counts.trigger;
    this.counts = counts;
    this.toolbar.setCounts(counts, this.query);
    this.paintStatus();
  },

  poll() {
    clearTimeout(this.pollTimer);
    if (this.closed) return;
    this.pollTimer = setTimeout(() => this.poll(), POLL_MS);
    if (document.visibilityState === "visible") this.check();
  },

  async check() {
    const before = this.counts;
    const acked = this.root.dataset.acked;
    try {
      const counts = await this.server.get("/api/counts");
      this.dead = false;
      // An operation of ours was answered meanwhile: these numbers may be older than that answer.
      if (acked !== this.root.dataset.acked || this.saver.queue.length) return;
      this.takeCounts(counts);
      if (before && before.stamp !== counts.stamp) this.changedElsewhere(before, counts);
      else if (!before) this.paintEmpty();
    } catch (error) {
      this.dead = error instanceof Offline;
      this.paintStatus();
    }
  },

  // More or fewer pictures: make the view anew and stay where we are. Else only the texts are fetched again.
  async changedElsewhere(before, counts) {
    const sum = ({ decisions }) => decisions.undecided + decisions.keep + decisions.reject;
    if (sum(before) !== sum(counts) && this.editor.id === null) {
      const scrollTop = this.scroller.scrollTop;
      await this.open(this.query, 0);
      this.scroller.scrollTop = scrollTop;
      this.render();
      return;
    }
    this.rows.refresh(...this.layout.places(this.scroller.scrollTop));
  },
});

// Bring a row up to what the server holds. `op` is null for an undo.
function settleRow(row, result, op) {
  if (result.field === "decision") row.decision = result.value;
  if (result.field === "suggestion") row.suggestion = result.value;
  if (result.field !== "caption") return;
  if (result.state === "conflict") {
    if (!op) return;
    const mine = row.draft ?? op.changes.find((change) => change.id === result.id)?.value ?? "";
    row.conflict = mine === result.value ? null : { mine, value: result.value, rev: result.rev, by: result.by };
    row.draft = row.conflict ? mine : null;
    row.state = "";
    return;
  }
  Object.assign(row, {
    caption: result.value, rev: result.rev, tokens: result.tokens, by: result.by, suggestion: result.suggestion,
  });
  const sent = op?.changes.find((change) => change.id === result.id)?.value;
  if (!op || row.draft === sent || row.draft === result.value) Object.assign(row, { draft: null, conflict: null, problem: null });
  row.state = "";
}
