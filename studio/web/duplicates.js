// Duplicate groups, one at a time. Nothing is decided before it is accepted; everything can be taken back.

class Duplicates {
  constructor(review) {
    this.review = review;
    this.groups = [];
    this.at = 0;
    this.decided = [];
    this.zoomed = false;
    this.stage = h("div.dups", { onmousemove: (event) => this.pan(event) });
    this.root = h("div", {}, this.stage);
  }

  async load() {
    this.take(await this.review.server.get("/api/duplicates", { open: 1 }));
  }

  take(answer) {
    this.groups = answer.groups.map((group) => ({ ...group, keep: suggestedKeep(group), done: false }));
    this.at = 0;
    this.decided = [];
    this.review.setSensitivity(answer.sensitivity, answer.sensitivities);
    this.paint();
  }

  get group() {
    return this.groups[this.at];
  }

  get open() {
    return this.groups.filter((group) => !group.done);
  }

  paint() {
    const { group } = this;
    const over = !group || !this.open.length;
    this.stage.replaceChildren(...(over ? [this.review.nothingLeft(this.overWords())] : this.cards(group)));
    this.stage.classList.toggle("zoomed", this.zoomed && !over);
    this.stage.style.setProperty("--count", String(over ? 1 : Math.min(group.members.length, 4)));
    this.review.setFoot(over ? this.undoFoot() : this.foot());
    this.prefetch();
  }

  // The numbers changed: at the end they say what comes next.
  recount() {
    if (!this.open.length) this.paint();
  }

  overWords() {
    return this.groups.length ? `${plural(this.groups.length, "group")} decided` : "No duplicates left to decide";
  }

  cards(group) {
    const context = { keep: group.keep, server: this.review.server, toggle: (id) => this.toggle(id) };
    return group.members.map((member, place) => duplicateCard(member, place + 1, group, context));
  }

  foot() {
    const place = `Group ${this.at + 1} of ${this.groups.length}${this.group.done ? " · decided" : ""}`;
    return [h("span.where", {}, place), footKey("Space", "accept", () => this.accept()), footKey("1–9", "toggle keep"),
      footKey("Z", "zoom both", () => this.zoom()), footKey("U", "undo", () => this.undo()),
      footKey("←", "back", () => this.go(-1)), footKey("→", "skip", () => this.go(1))];
  }

  undoFoot() {
    return this.decided.length ? [h("span.where", {}, "All groups decided"), footKey("U", "undo", () => this.undo())] : [];
  }

  toggle(id) {
    const { keep } = this.group;
    if (keep.has(id)) keep.delete(id);
    else keep.add(id);
    this.paint();
  }

  accept() {
    const { group } = this;
    if (!group) return;
    group.done = true;
    this.decided.push(this.at);
    this.review.saver.push({ label: `Decide duplicate group ${this.at + 1}`, changes: changesOf(group) });
    const next = this.groups.findIndex((one, place) => place > this.at && !one.done);
    this.at = next >= 0 ? next : Math.max(0, this.groups.findIndex((one) => !one.done));
    this.paint();
  }

  async undo() {
    const answer = await this.review.takeBack();
    if (!answer) return;
    const ids = new Set(answer.results.map((result) => result.id));
    const touched = (group) => group.members.some((member) => ids.has(member.id));
    this.groups.forEach((group) => { if (touched(group)) group.done = false; });
    const place = this.groups.findIndex(touched);
    if (place >= 0) this.at = place;
    else await this.load();
    this.paint();
  }

  go(by) {
    this.at = Math.min(Math.max(this.at + by, 0), this.groups.length - 1);
    this.paint();
  }

  zoom() {
    this.zoomed = !this.zoomed;
    this.paint();
  }

  // Zoomed pictures show the same spot, the one under the pointer.
  pan(event) {
    const pic = event.composedPath().find((node) => node.classList?.contains("pic"));
    if (!this.zoomed || !pic) return;
    const box = pic.getBoundingClientRect();
    this.stage.style.setProperty("--x", `${((event.clientX - box.left) / box.width) * 100}%`);
    this.stage.style.setProperty("--y", `${((event.clientY - box.top) / box.height) * 100}%`);
  }

  prefetch() {
    for (const group of this.groups.slice(this.at + 1, this.at + 3)) {
      for (const member of group.members) new Image().src = this.review.server.full(member.sha);
    }
  }

  async takeAll() {
    const { open } = this;
    const pictures = open.reduce((sum, group) => sum + group.members.length - suggestedKeep(group).size, 0);
    const sure = await confirmed(this.review.root, {
      title: `Take all ${open.length} suggestions?`,
      detail: `${plural(pictures, "picture")} will be marked as rejected. Nothing is deleted, and one undo takes it back.`,
      yes: "Take them all",
    });
    if (!sure) return;
    for (const group of open) Object.assign(group, { keep: suggestedKeep(group), done: true });
    this.decided.push(...open.map((group) => this.groups.indexOf(group)));
    this.review.saver.push({ label: `Take ${plural(open.length, "duplicate suggestion")}`, changes: open.flatMap(changesOf) });
    this.paint();
  }

  key(event) {
    const number = Number(event.key);
    if (number >= 1 && number <= 9) {
      const member = this.group?.members[number - 1];
      if (member) this.toggle(member.id);
      return true;
    }
    const keys = { " ": () => this.accept(), Enter: () => this.accept(), z: () => this.zoom(), u: () => this.undo(),
      ArrowRight: () => this.go(1), ArrowLeft: () => this.go(-1), a: () => this.keepAll() };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (!this.open.length && event.key.toLowerCase() !== "u")) return false;
    act();
    return true;
  }

  keepAll() {
    this.group.keep = new Set(this.group.members.map((member) => member.id));
    this.paint();
  }
}

function suggestedKeep(group) {
  return new Set(group.members.filter((member) => member.suggestion === "keep").map((member) => member.id));
}

function changesOf(group) {
  return group.members.map((member) => {
    const kept = group.keep.has(member.id);
    return { id: member.id, field: "decision", value: kept ? "keep" : "reject", reason: whyOf(member, kept) };
  });
}

function footKey(key, word, act) {
  return act ? h("button", { onclick: act }, kbd(key), ` ${word}`) : h("span", {}, kbd(key), ` ${word}`);
}
