// Sends operations one after the other. Each has (client, seq), so that sending it again is harmless.

const RETRY_SECONDS = [0.3, 0.6, 1, 2, 4, 8];

class Saver {
  constructor(server, { onAnswer, onStatus, onRefused }) {
    this.server = server;
    this.client = crypto.randomUUID();
    this.drafts = new Drafts(server.dataset, this.client);
    this.release = holdLock(this.client);
    this.queue = [];
    this.seq = 0;
    this.failures = 0;
    this.sending = false;
    this.waiting = [];
    Object.assign(this, { onAnswer, onStatus, onRefused });
  }

  get status() {
    const unsaved = this.queue.length;
    if (this.failures > 1) return { state: "offline", unsaved };
    return { state: unsaved ? "unsaved" : "saved", unsaved };
  }

  // Texts -------------------------------------------------------------------------------------------------

  type(id, value, rev) {
    this.drafts.put(id, { value, rev: this.drafts.get(id)?.rev ?? rev });
  }

  // Send the draft of one picture. An operation for it that still waits takes the newer text.
  saveDraft(id, label = "Edit caption") {
    const draft = this.drafts.get(id);
    if (!draft) return;
    const waits = this.queue.find((op, place) => (place > 0 || !this.sending) && op.draft === id);
    if (waits) waits.changes[0].value = draft.value;
    else this.push({ label, draft: id, changes: [{ id, field: "caption", value: draft.value, rev: draft.rev }] });
    this.store();
  }

  push(op) {
    this.seq += 1;
    this.queue.push({ ...op, seq: this.seq });
    this.store();
    this.pump();
  }

  // The queue ---------------------------------------------------------------------------------------------

  async pump() {
    if (this.sending || !this.queue.length || this.closed) return;
    this.sending = true;
    this.onStatus(this.status);
    const op = this.queue[0];
    try {
      const { seq, label, changes } = op;
      this.answered(op, await this.server.post("/api/ops", { client: this.client, seq, label, changes }));
    } catch (error) {
      this.failed(op, error);
    }
  }

  answered(op, answer) {
    this.queue.shift();
    this.failures = 0;
    for (const result of answer.results) this.settle(result, op);
    this.store();
    this.sending = false;
    this.onAnswer(answer, op);
    this.next();
  }

  // A confirmed text is no draft any more; a newer one goes on from the new revision.
  settle(result, op) {
    if (result.field !== "caption" || result.state === "conflict") return;
    for (const later of this.queue) {
      for (const change of later.changes) if (change.id === result.id && change.field === "caption") change.rev = result.rev;
    }
    const draft = this.drafts.get(result.id);
    const sent = op.changes.find((change) => change.id === result.id && change.field === "caption");
    if (!draft || !sent) return;
    if (draft.value === sent.value || result.state === "gone") this.drafts.drop(result.id);
    else this.drafts.put(result.id, { ...draft, rev: result.rev });
  }

  failed(op, error) {
    this.sending = false;
    if (error instanceof Refused) {
      this.queue.shift();
      this.store();
      this.onRefused(op, error.message);
      this.next();
      return;
    }
    const wait = RETRY_SECONDS[Math.min(this.failures, RETRY_SECONDS.length - 1)];
    this.failures += 1;
    this.onStatus(this.status);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pump(), wait * 1000);
  }

  next() {
    this.onStatus(this.status);
    if (this.queue.length) this.pump();
    else for (const resolve of this.waiting.splice(0)) resolve();
  }

  retryNow() {
    clearTimeout(this.timer);
    this.pump();
  }

  // Resolves when everything is confirmed.
  idle() {
    return this.queue.length ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  store() {
    this.drafts.putOps(this.queue);
  }

  // Take over what a page left behind that is gone: first its operations, then texts that never became one.
  async adopt() {
    const revs = new Map();
    for (const { client, ops } of this.drafts.othersOps()) {
      if (await pageLives(client)) continue;
      for (const op of ops) await this.adoptOp(client, op, revs);
      this.drafts.putOps([], client);
    }
    for (const { client, id, value, rev } of this.drafts.others()) {
      if (await pageLives(client)) continue;
      this.drafts.put(id, { value, rev: revs.get(id) ?? rev });
      this.drafts.drop(id, client);
      this.saveDraft(id, "Edit caption (typed before)");
    }
  }

  async adoptOp(client, op, revs) {
    try {
      const answer = await this.server.post("/api/ops", { client, seq: op.seq, label: op.label, changes: op.changes });
      for (const result of answer.results) if (result.state !== "conflict") revs.set(result.id, result.rev);
      this.onAnswer(answer, op);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.onRefused(op, error.message);
    }
  }

  close() {
    this.closed = !this.queue.length;
    this.release();
  }
}
