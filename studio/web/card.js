// One card. A card belongs to one picture for its whole life, so its image can never be that of another.

const LIMIT = 75;

function makeCard(id, server, actions) {
  const cap = h("div.cap", { onclick: () => actions.edit(id) });
  const card = h("div.card", { role: "gridcell", tabIndex: -1, data: { id } },
    h("div.pic", { onclick: (event) => actions.pick(id, event), ondblclick: () => actions.open(id) }),
    cap, h("div.meta"));
  card.addEventListener("focus", () => actions.focused(id));
  return card;
}

// A grey card for a row that is still on its way.
function makeGhost() {
  return h("div.card.ghost", { role: "gridcell", "aria-busy": "true" }, h("div.pic"), h("div.cap"), h("div.meta"));
}

function paintCard(card, row, context) {
  const sign = JSON.stringify([row.caption, row.draft, row.by, row.tokens, row.suggestion, row.decision, row.flags,
    row.split, row.state, row.conflict, row.problem, context.trigger, context.selected, context.editing]);
  if (card.dataset.sign === sign) return;
  card.dataset.sign = sign;
  card.classList.toggle("selected", context.selected);
  card.classList.toggle("rejected", row.decision === "reject");
  card.classList.toggle("editing", context.editing);
  card.setAttribute("aria-selected", context.selected ? "true" : "false");
  card.setAttribute("aria-label", `${row.name}: ${textOf(row) || "no caption yet"}`);
  paintPicture(card.querySelector(".pic"), row, context);
  if (!context.editing) paintText(card, row, context);
  paintSuggestion(card, row, context);
  paintConflict(card, row, context);
  paintMeta(card.querySelector(".meta"), row, context);
}

function textOf(row) {
  return row.draft ?? row.caption;
}

function paintPicture(pic, row, context) {
  if (!pic.querySelector("img")) {
    const img = h("img", { alt: "", decoding: "async", draggable: false });
    img.addEventListener("load", () => img.classList.add("there"));
    img.addEventListener("error", () => pic.classList.add("missing"));
    img.src = context.server.thumb(row.sha);
    pic.prepend(img);
    pic.title = row.name;
  }
  const pills = pillsOf(row).map(([kind, text, title]) => h(`span.pill.${kind}`, { title }, text));
  pic.querySelector(".pills")?.remove();
  pic.querySelector(".kept")?.remove();
  if (pills.length) pic.append(h("div.pills", {}, ...pills));
  if (row.decision === "keep") pic.append(h("span.kept", { title: "kept" }, "✓"));
}

function pillsOf(row) {
  const pills = [];
  if (row.decision === "reject") pills.push(["bad", "rejected", row.reason || "Press U to take it back"]);
  for (const flag of row.flags) pills.push(["warn", flagWord(flag.name), flag.sentence]);
  if (row.split === "validation") pills.push(["soft", "in validation", "Held out to measure with"]);
  if (row.split === "test") pills.push(["soft", "in test", "Held out for the last test"]);
  return pills;
}

function paintText(card, row, context) {
  const cap = card.querySelector(".cap");
  const text = textOf(row);
  cap.classList.toggle("e", !text);
  cap.title = text;
  cap.replaceChildren(...(text ? highlighted(text, context.trigger) : ["No caption yet"]));
}

// The text with the trigger phrase marked.
function highlighted(text, trigger) {
  if (!trigger) return [text];
  const pattern = new RegExp(`(${trigger.trim().split(/\s+/).map(escaped).join("\\s+")})`, "gi");
  return text.split(pattern).map((part, place) => (place % 2 ? h("span.tr", {}, part) : part));
}

function escaped(word) {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function hasTrigger(text, trigger) {
  return !trigger || highlighted(text, trigger).length > 1;
}

function paintSuggestion(card, row, context) {
  card.querySelector(".sug")?.remove();
  if (!row.suggestion || row.suggestion === textOf(row)) return;
  const title = `Suggested by ${row.suggestion_by || "a captioner"}`;
  const node = h("div.sug", { title, onmousedown: (event) => event.preventDefault(), onclick: () => context.actions.accept(row.id) },
    h("span", {}, row.suggestion), kbd("Tab"));
  card.querySelector(".meta").before(node);
}

function paintConflict(card, row, context) {
  card.querySelector(".conflict")?.remove();
  if (!row.conflict) return;
  const { value, by } = row.conflict;
  const node = h("div.conflict", { role: "alert" },
    h("div", {}, "Changed elsewhere", by ? ` by ${by === "you" ? "you" : by}` : "", ": ", h("b", {}, value || "no caption")),
    h("div.line", {},
      h("button.btn.s", { onclick: () => context.actions.keepMine(row.id) }, "Keep mine"),
      h("button.btn.s", { onclick: () => context.actions.takeTheirs(row.id) }, "Take theirs")));
  card.querySelector(".meta").before(node);
}

function paintMeta(meta, row, context) {
  const text = textOf(row);
  const parts = [];
  const dirty = row.draft !== null && row.draft !== undefined && row.draft !== row.caption;
  if (context.editing) parts.push("editing");
  else if (!text) parts.push("empty");
  else if (!hasTrigger(text, context.trigger)) parts.push(h("span.w", {}, "trigger missing"));
  else parts.push(dirty ? "you" : row.by || "unknown");
  if (text) parts.push(" · ", tokensOf(row, dirty));
  if (row.problem) parts.push(" · ", h("span.bad", { title: row.problem }, "not saved"));
  else if (row.conflict) parts.push(" · ", h("span.w", {}, "two versions"));
  else if (dirty) parts.push(" · ", h("span.w", {}, row.state === "sending" ? "saving" : "unsaved"));
  else if (text && !context.editing) parts.push(" · ", h("span.ok", {}, "✓ saved"));
  if (context.editing) parts.push(h("span.sp"), kbd("Ctrl ↵"));
  meta.replaceChildren(...parts);
}

function tokensOf(row, dirty) {
  const count = dirty || row.tokens === null ? estimate(textOf(row)) : row.tokens;
  const said = `${dirty || row.tokens === null ? "~" : ""}${count} of ${LIMIT}`;
  return count > LIMIT ? h("span.w", { title: "What comes after token 75 is not read" }, `${said}, too long`) : said;
}

// Cheap guess while typing; the server answers with the real count.
function estimate(text) {
  const pieces = text.match(/[\p{L}\p{M}]+|\p{N}|[^\s\p{L}\p{M}\p{N}]/gu) || [];
  return pieces.reduce((sum, piece) => sum + Math.max(1, Math.ceil(piece.length / 9)), 0);
}
