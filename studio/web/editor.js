// The text box of the one card that is being edited. Timers hold the picture's id, never the card.

const AUTOSAVE_MS = 800;

class Editor {
  constructor(grid) {
    this.grid = grid;
    this.id = null;
    this.timers = new Map();
  }

  open(id) {
    if (this.id === id) return;
    this.close();
    const card = this.grid.cardOf(id);
    const row = this.grid.rows.get(id);
    if (!card || !row) return;
    this.id = id;
    this.rev = row.rev;
    this.box = this.makeBox(row);
    card.querySelector(".cap").replaceChildren(this.box);
    this.grid.paint(id);
    this.fit();
    this.box.focus();
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  makeBox(row) {
    return h("textarea", {
      value: textOf(row), rows: 2, spellcheck: true, "aria-label": `Caption of ${row.name}`,
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onfocusout: () => this.close(),
      onclick: (event) => event.stopPropagation(),
    });
  }

  // The row changed while its box is open. Untouched text follows; typed text keeps the revision it began from, so
  // that a change elsewhere is told and not overwritten.
  follow(row) {
    if (row.draft !== null && row.draft !== undefined) return;
    this.rev = row.rev;
    if (this.box.value !== row.caption) this.box.value = row.caption;
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 260)}px`;
  }

  typed() {
    const id = this.id;
    const row = this.grid.rows.get(id);
    row.draft = this.box.value;
    row.problem = null;
    this.grid.saver.type(id, row.draft, this.rev);
    clearTimeout(this.timers.get(id));
    this.timers.set(id, setTimeout(() => this.save(id), AUTOSAVE_MS));
    this.fit();
    this.grid.paint(id);
  }

  save(id) {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    const row = this.grid.rows.get(id);
    if (row && row.draft === row.caption && !row.conflict) {
      row.draft = null;
      this.grid.saver.drafts.drop(id);
    } else if (row && row.draft !== null && row.draft !== undefined && !row.conflict) {
      row.state = "sending";
      this.grid.saver.saveDraft(id);
    }
    this.grid.paint(id);
  }

  // Put another text into the box, as if typed.
  fill(text) {
    this.box.value = text;
    this.typed();
  }

  close() {
    if (this.id === null) return;
    const id = this.id;
    this.id = null;
    this.save(id);
    const card = this.grid.cardOf(id);
    if (card) card.dataset.sign = "";
    this.grid.paint(id);
  }

  key(event) {
    if (event.isComposing) return;
    const id = this.id;
    const row = this.grid.rows.get(id);
    if (event.key === "Escape") this.leave(event, id);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.goOn(event, id);
    else if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.save(id);
    } else if (event.key === "Tab" && !event.shiftKey && row.suggestion && row.suggestion !== this.box.value) {
      event.preventDefault();
      this.fill(row.suggestion);
    }
  }

  leave(event, id) {
    event.preventDefault();
    this.close();
    this.grid.focus(id);
  }

  goOn(event, id) {
    event.preventDefault();
    this.close();
    this.grid.editNext(id);
  }
}
