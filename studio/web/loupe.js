// One picture, large, with its facts, its flags, what the trainer will see, and every caption it ever had.

class Loupe {
  constructor(grid) {
    this.grid = grid;
    this.id = null;
  }

  open(id) {
    if (!this.box) this.build();
    this.show(id);
    if (!this.box.open) this.box.showModal();
    this.box.focus();
  }

  build() {
    this.img = h("img", { alt: "" });
    this.side = h("div.side");
    this.box = h("dialog.loupe", { "aria-label": "Picture", tabIndex: -1 },
      h("div.stage", {}, this.img),
      this.side);
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("close", () => this.grid.focus(this.id));
    this.box.addEventListener("click", (event) => { if (event.target === this.box) this.box.close(); });
    this.grid.root.append(this.box);
  }

  async show(id) {
    this.id = id;
    const row = this.grid.rows.get(id);
    // The old picture goes before the new one is there: never a wrong picture beside a caption.
    this.img.remove();
    this.img = h("img", { alt: row.name, src: this.grid.server.full(row.sha) });
    this.box.querySelector(".stage").append(this.img);
    this.paint(row, null);
    const detail = await this.grid.server.get("/api/picture", { id }).catch((error) => ({ problem: error.message }));
    if (this.id === id) this.paint(this.grid.rows.get(id) || row, detail);
  }

  // Keys go on working: painting anew must not take the focus away with a button.
  paint(row, detail) {
    this.fill(row, detail);
    if (this.box.open) this.box.focus();
  }

  fill(row, detail) {
    this.side.replaceChildren(
      h("div.line", {}, h("h2", {}, row.name), h("span.sp"), h("button.btn.s", { onclick: () => this.box.close() }, "Close")),
      h("p.caption", {}, ...(row.caption ? highlighted(row.caption, this.grid.trigger) : ["No caption yet"])),
      this.decisions(row),
      ...(detail?.problem ? [h("p.bad", {}, detail.problem)] : []),
      ...(detail?.facts ? this.details(row, detail) : []));
  }

  decisions(row) {
    const button = (value, word, key) => h(`button.btn.s${row.decision === value ? ".on" : ""}`,
      { "aria-pressed": String(row.decision === value), onclick: () => this.decide(value) }, word, " ", kbd(key));
    return h("div.line", {}, button("keep", "Keep", "P"), button("reject", "Reject", "X"), button("undecided", "Undecided", "U"));
  }

  details(row, detail) {
    const { facts, crop } = detail;
    const lines = [
      ["size", `${facts.width} × ${facts.height}`], ["file", `${facts.format}, ${kilobytes(facts.bytes)}`],
      ["sharpness", facts.sharpness], ["brightness", facts.brightness],
    ];
    const others = detail.files.filter((name) => name !== row.name);
    if (others.length) lines.push(["same bytes", others.join(", ")]);
    if (facts.notes.length) lines.push(["on reading", facts.notes.join("; ")]);
    return [
      h("div.facts", {}, ...lines.flatMap(([name, value]) => [h("span", {}, name), h("b", {}, String(value))])),
      ...detail.flags.map((sentence) => h("p.flagged", {}, sentence)),
      h("h3", {}, "What the trainer will see"),
      h("div.crop", {}, h("img", { alt: "", src: `${this.grid.server.picture("crop", row.sha)}?${Date.now()}` }), h("p.sub", {}, cropWords(crop))),
      h("h3", {}, "History"),
      h("div.history", {}, ...this.history(row, detail.history)),
    ];
  }

  history(row, entries) {
    if (!entries.length) return [h("p.sub", {}, "Nothing was changed yet.")];
    return entries.map((entry) => h("div.entry", {},
      h("div.sub", {}, `${timeOf(entry.at)} · ${entry.by} · ${entry.label}`),
      h("div.line", {}, h("span", {}, entry.new || "(empty)"), h("span.sp"),
        entry.field === "caption" && entry.new !== row.caption
          ? h("button.btn.s", { onclick: () => this.restore(row, entry.new) }, "Use this") : null)));
  }

  async restore(row, text) {
    row.draft = text;
    this.grid.saver.type(row.id, text, row.rev);
    this.grid.saver.saveDraft(row.id, "Bring an earlier caption back");
    await this.grid.saver.idle();
    this.show(row.id);
  }

  async decide(value) {
    this.grid.decide(value, [this.id], false);
    await this.grid.saver.idle();
    this.show(this.id);
  }

  async key(event) {
    event.stopPropagation();
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const decisions = { x: "reject", p: "keep", u: "undecided" };
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) {
      event.preventDefault();
      const next = await this.grid.step(this.id, steps[event.key]);
      if (next) this.show(next);
    } else if (decisions[key]) this.decide(decisions[key]);
    else if (key === "e") this.box.close();
  }
}

function cropWords({ width, height, cut, upscaled, reduced }) {
  const lost = cut < 0.005 ? "nothing is cut" : `${Math.round(cut * 100)} % is cut`;
  const small = upscaled ? ", and it is enlarged" : reduced ? "; it is too small for the full size" : "";
  return `${width} × ${height}, ${lost}${small}`;
}

function timeOf(iso) {
  return new Date(iso).toLocaleString("en", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
