// Files that could not be read: names, reasons, and what to do.

class RefusedFiles {
  constructor(review) {
    this.review = review;
    this.root = h("div.refused");
  }

  async load() {
    const { total, files } = await this.review.server.get("/api/files");
    const rows = files.map((file) => h("div.file", { role: "listitem" },
      h("b", {}, file.name), h("span.sub", {}, file.reason), h("span.sub.size", {}, file.bytes >= 0 ? kilobytes(file.bytes) : "")));
    this.root.replaceChildren(
      h("p.sub", {}, "These files are not in the dataset. Mend or replace them and add the folder again; nothing else is read twice."),
      h("div.card.files", { role: "list" }, ...rows),
      total > files.length ? h("p.sub", {}, `and ${total - files.length} more`) : "");
    this.review.setFoot([]);
  }

  key() {
    return false;
  }
}
