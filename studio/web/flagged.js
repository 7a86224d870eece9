// Pictures with one flag: each with the number and the threshold that raised it.

const FLAGGED_PAGE = 120;

class Flagged {
  constructor(review, flag) {
    this.review = review;
    this.flag = flag;
    this.rows = [];
    this.total = 0;
    this.focus = 0;
    this.tiles = h("div.tiles", { role: "grid", "aria-label": `Pictures flagged ${flagWord(flag)}` });
    this.root = h("div", {}, this.tiles);
  }

  async load() {
    const { view, start } = this.rows.length ? { view: this.view, start: this.rows.length } : { view: "", start: 0 };
    const query = { flag: this.flag, decision: "undecided", n: FLAGGED_PAGE, view, start };
    const answer = await this.review.server.get("/api/items", query);
    this.view = answer.view;
    this.total = answer.total;
    this.rows.push(...answer.rows);
    this.paint();
  }

  get undecided() {
    return this.rows.filter((row) => row.decision === "undecided");
  }

  paint() {
    if (!this.rows.length) {
      this.tiles.replaceChildren(this.review.nothingLeft(`Nothing ${flagWord(this.flag)} left to decide`));
      this.review.setFoot([]);
      return;
    }
    const more = this.total > this.rows.length;
    this.tiles.replaceChildren(...this.rows.map((row, place) => this.tile(row, place)));
    if (more) this.tiles.append(h("button.btn", { onclick: () => this.load() }, `Show more of ${this.total}`));
    this.review.setFoot(this.foot());
  }

  recount() {
    if (!this.rows.length) this.paint();
    else this.review.setFoot(this.foot());
  }

  tile(row, place) {
    const img = h("img", { alt: row.name, loading: "lazy" });
    img.addEventListener("load", () => img.classList.add("there"));
    img.src = this.review.server.thumb(row.sha);
    const flag = row.flags.find((one) => one.name === this.flag);
    const words = { keep: ["ok", "kept"], reject: ["bad", "rejected"], undecided: ["", "undecided"] }[row.decision];
    const button = (value, word, key) => h("button.btn.s", { tabIndex: -1, onclick: () => this.decide(value, place) }, word, " ", kbd(key));
    return h(`div.card.tile.${row.decision}`, { role: "gridcell", tabIndex: place === this.focus ? 0 : -1, data: { id: row.id }, onfocus: () => { this.focus = place; } },
      h("div.pic", {}, img),
      h("div.about", {}, h("b", {}, row.name), h("div.sub", {}, flag ? flag.sentence : ""),
        h("div.line", {}, button("reject", "Reject", "X"), button("keep", "Keep", "P"), h("span.sp"), h(`span.${words[0] || "sub"}`, {}, words[1]))));
  }

  foot() {
    const left = this.undecided.length;
    return [h("span.where", {}, left ? `${left} of ${this.rows.length} undecided` : "All decided"),
      footKey("X", "reject", () => this.decide("reject")), footKey("P", "keep", () => this.decide("keep")),
      footKey("U", "undo", () => this.undo()), footKey("← →", "move"),
      left > 1 ? h("button", { data: { all: "" }, onclick: () => this.rejectAll() }, `Reject all ${this.allLeft()}…`) : "",
      left ? "" : this.goOn()];
  }

  goOn() {
    const [mode, count, word] = this.review.next() || ["duplicates", "", "finish"];
    return h("button", { data: { next: mode }, onclick: () => this.review.choose(mode) }, `Next: ${`${count} ${word}`.trim()}`);
  }

  allLeft() {
    return this.total - (this.rows.length - this.undecided.length);
  }

  decide(value, place = this.focus) {
    const row = this.rows[place];
    if (!row) return;
    row.decision = value;
    const reason = row.flags.find((one) => one.name === this.flag)?.sentence || "";
    this.review.saver.push({
      label: `${value === "keep" ? "Keep" : "Reject"} 1 picture flagged ${flagWord(this.flag)}`,
      changes: [{ id: row.id, field: "decision", value, reason: value === "reject" ? reason.slice(0, 200) : "" }],
    });
    this.focus = Math.min(place + 1, this.rows.length - 1);
    this.paint();
    this.focusTile();
  }

  focusTile() {
    this.tiles.children[this.focus]?.focus();
  }

  async undo() {
    const answer = await this.review.takeBack();
    if (!answer) return;
    for (const result of answer.results) {
      const place = this.rows.findIndex((row) => row.id === result.id);
      if (place < 0) continue;
      this.rows[place].decision = result.value;
      this.focus = place;
    }
    this.paint();
    this.focusTile();
  }

  async rejectAll() {
    const count = this.allLeft();
    const sure = await confirmed(this.review.root, {
      title: `Reject all ${count} that are ${flagWord(this.flag)}?`,
      detail: "They are only marked as rejected. The files stay where they are, and one undo takes it back.",
      yes: `Reject ${count}`,
    });
    if (!sure) return;
    const { ids } = await this.review.server.get("/api/ids", { flag: this.flag, decision: "undecided" });
    for (const row of this.rows) if (ids.includes(row.id)) row.decision = "reject";
    this.review.saver.push({
      label: `Reject ${plural(ids.length, "picture")} flagged ${flagWord(this.flag)}`,
      changes: ids.map((id) => ({ id, field: "decision", value: "reject", reason: flagWord(this.flag) })),
    });
    this.paint();
  }

  move(by) {
    this.focus = Math.min(Math.max(this.focus + by, 0), this.rows.length - 1);
    this.focusTile();
  }

  key(event) {
    const keys = { x: () => this.decide("reject"), p: () => this.decide("keep"), u: () => this.undo(),
      ArrowRight: () => this.move(1), ArrowLeft: () => this.move(-1), ArrowDown: () => this.move(4), ArrowUp: () => this.move(-4) };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) act();
    return Boolean(act);
  }
}
