// The review on the Pictures page: what to decide, as chips; below it one kind at a time.

const REVIEW_POLL_MS = 3000;

class Review {
  constructor(parent, data, fire) {
    this.fire = fire;
    this.server = new Server(data);
    this.saver = new Saver(this.server, {
      onAnswer: (answer) => this.answered(answer),
      onStatus: (status) => this.paintStatus(status),
      onRefused: (op, message) => toast(this.root, `Not saved: ${message}`, 10),
    });
    this.mode = data.open || "";
    this.build(parent);
    this.start();
  }

  build(parent) {
    this.head = h("h1", {}, " ");
    this.sub = h("p.sub", {}, " ");
    this.takeAll = h("button.btn", { hidden: true, onclick: () => this.view.takeAll() });
    this.status = h("span.status", { role: "status" });
    this.chips = h("div.chips", { role: "toolbar", "aria-label": "What to decide" });
    this.sensitivity = menu("Sensitivity", [], (value) => this.searchAgain(value));
    this.sensitivity.node.hidden = true;
    this.body = h("div.body");
    this.footBar = h("div.foot", { hidden: true });
    this.root = h("div.cs.review", { tabIndex: -1 },
      h("div.line", {}, h("div", {}, this.head, this.sub), h("span.sp"), this.status, this.takeAll),
      h("div.line.filters", {}, this.chips, this.sensitivity.node), this.body, this.footBar);
    parent.append(this.root);
    this.deaf = listenForKeys(this.root, (event) => this.key(event));
  }

  async start() {
    await this.check();
    this.choose(this.mode || this.firstMode());
    this.saver.adopt().catch(() => {});
    this.poll();
  }

  update(data) {
    this.server.update(data);
    this.saver.retryNow();
    this.check();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.deaf();
    this.saver.close();
  }

  poll() {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.timer = setTimeout(() => this.poll(), REVIEW_POLL_MS);
    if (document.visibilityState === "visible") this.check();
  }

  async check() {
    const acked = this.root.dataset.acked;
    try {
      const counts = await this.server.get("/api/counts");
      if (acked !== this.root.dataset.acked || this.saver.queue.length) return;
      const before = this.counts;
      this.setCounts(counts);
      if (before && whatToDecide(before) !== whatToDecide(counts)) this.choose(this.mode || this.firstMode());
    } catch (error) {
      setText(this.status, "offline");
    }
  }

  answered(answer) {
    this.setCounts(answer.counts);
    this.view?.recount?.();
    this.root.dataset.acked = String(Number(this.root.dataset.acked || 0) + 1);
  }

  paintStatus({ state, unsaved }) {
    const words = { saved: "", unsaved: "saving", offline: `offline · ${unsaved} unsaved` };
    setText(this.status, words[state]);
    this.status.dataset.state = state;
  }

  // Chips -------------------------------------------------------------------------------------------------

  setCounts(counts) {
    this.counts = counts;
    const { keep, reject, undecided } = counts.decisions;
    const none = !(keep + reject + undecided);
    setText(this.head, none ? "No pictures yet" : counts.to_decide ? `${counts.to_decide} to decide` : "Nothing left to decide");
    setText(this.sub, none ? "Add a folder of pictures above." : `${keep} kept, ${reject} rejected, ${undecided} undecided. Rejecting only marks; originals stay where they are.`);
    this.paintChips();
  }

  paintChips() {
    const chips = this.modes().map(([mode, count, word]) => h(`button.chip${mode === this.mode ? ".on" : ""}`,
      { "aria-pressed": String(mode === this.mode), data: { chip: mode }, onclick: () => this.choose(mode) },
      h("b", {}, String(count)), word));
    this.chips.replaceChildren(...chips);
    const open = this.counts.open_groups;
    this.takeAll.hidden = this.mode !== "duplicates" || open < 2;
    setText(this.takeAll, `Take all ${open} suggestions…`);
    this.sensitivity.node.hidden = this.mode !== "duplicates";
  }

  modes() {
    const { open_groups: groups, open_flags: flags, refused } = this.counts;
    const modes = [["duplicates", groups, groups === 1 ? "duplicate group" : "duplicate groups"]];
    for (const [name, count] of Object.entries(flags)) if (count || this.mode === `flag:${name}`) modes.push([`flag:${name}`, count, flagWord(name)]);
    if (this.mode?.startsWith("flag:") && !(this.mode.slice(5) in flags)) modes.push([this.mode, 0, flagWord(this.mode.slice(5))]);
    if (refused) modes.push(["refused", refused, "cannot be read"]);
    return modes;
  }

  firstMode() {
    return this.counts ? (this.modes().find(([mode, count]) => count && mode !== "refused") || ["duplicates"])[0] : "duplicates";
  }

  async choose(mode) {
    this.mode = mode;
    this.view = mode === "duplicates" ? new Duplicates(this) : mode === "refused" ? new RefusedFiles(this) : new Flagged(this, mode.slice(5));
    const { view } = this;
    if (this.counts) this.paintChips();
    try {
      await view.load();
    } catch (error) {
      view.root.replaceChildren(h("p.bad", {}, error.message));
    }
    if (this.view === view) this.body.replaceChildren(view.root);
  }

  setSensitivity(value, choices) {
    this.sensitivity.fill(choices.map((one) => [one, one]));
    this.sensitivity.set(value);
  }

  async searchAgain(sensitivity) {
    try {
      this.view.take(await this.server.post("/api/duplicates", { sensitivity }));
      this.setCounts(await this.server.get("/api/counts"));
    } catch (error) {
      toast(this.root, error.message, 8);
    }
  }

  // Shared by the kinds -----------------------------------------------------------------------------------

  async takeBack() {
    await this.saver.idle();
    try {
      const answer = await this.server.post("/api/undo", { fields: ["decision"] });
      this.answered(answer);
      toast(this.root, `Undone: ${answer.label}.`);
      return answer;
    } catch (error) {
      toast(this.root, error.message);
      return null;
    }
  }

  setFoot(parts) {
    this.footBar.hidden = !parts.length;
    this.footBar.replaceChildren(...parts);
  }

  // The next kind with something to decide.
  next() {
    return this.modes().find(([mode, count]) => count && mode !== this.mode && mode !== "refused");
  }

  // The end of one kind: what comes next, as one button.
  nothingLeft(words) {
    const next = this.next();
    const { undecided, keep } = this.counts.decisions;
    const button = (text, act, data) => h("button.btn.p", { onclick: act, data }, text);
    const parts = [h("h2", {}, words)];
    if (!undecided && !keep) parts.push(h("p", {}, "Pictures of a folder come here once you add it."));
    else if (next) parts.push(h("p", {}, "Next:"), button(`${next[1]} ${next[2]}`, () => this.choose(next[0]), { next: next[0] }));
    else if (undecided) {
      parts.push(h("p", {}, "No other picture has a flag. Only kept pictures are exported."),
        button(`Keep the other ${undecided} and write captions`, () => this.keepRest(), { next: "keep" }));
    } else parts.push(h("p", {}, "Everything is decided."), button("Write captions", () => this.leave(), { next: "captions" }));
    return h("div.nothing", {}, ...parts);
  }

  async keepRest() {
    const { ids } = await this.server.get("/api/ids", { decision: "undecided" });
    this.saver.push({ label: `Keep ${plural(ids.length, "picture")}`, changes: ids.map((id) => ({ id, field: "decision", value: "keep" })) });
    await this.saver.idle();
    this.leave();
  }

  leave() {
    this.fire("open", { what: "captions", at: Date.now() });
  }

  key(event) {
    const [target] = event.composedPath();
    if (target !== document.body) event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName)) return;
    // A card answers to its own click; every other button keeps Enter and Space.
    if (target.tagName === "BUTTON" && !target.classList.contains("dup") && ["Enter", " "].includes(event.key)) return;
    if (this.view?.key(event)) event.preventDefault();
  }
}

// Captions that change meanwhile are no reason to begin anew; other pictures, groups and flags are.
function whatToDecide({ decisions, open_groups: groups, open_flags: flags, refused }) {
  return JSON.stringify([decisions, groups, flags, refused]);
}
