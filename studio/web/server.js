// Talks to the routes of the app.

class Offline extends Error {}

class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

class Server {
  constructor(data) {
    this.update(data);
  }

  update(data) {
    this.dataset = data.dataset;
    this.token = data.token;
    this.base = data.base || "";
  }

  get(path, params = {}) {
    const query = new URLSearchParams({ dataset: this.dataset });
    for (const [key, value] of Object.entries(params)) if (value !== "" && value !== null && value !== undefined) query.set(key, value);
    return this.ask(`${this.base}${path}?${query}`, { headers: { Accept: "application/json" } });
  }

  post(path, body) {
    const text = JSON.stringify({ dataset: this.dataset, ...body });
    return this.ask(this.base + path, {
      method: "POST",
      body: text,
      // A small request then outlives the page that sends it; browsers cap such requests near 64 KiB.
      keepalive: text.length < 30000,
      headers: { "Content-Type": "application/json", "X-Concept-Studio": this.token },
    });
  }

  async ask(address, options) {
    const response = await fetch(address, { ...options, credentials: "same-origin" }).catch(() => null);
    if (!response || response.status >= 500) throw new Offline("The app does not answer.");
    if (response.ok) return response.json();
    const text = await response.text();
    if (response.status === 403 && text.startsWith("token:")) await this.renewToken();
    throw new Refused(errorIn(text), response.status);
  }

  // Our token is that of a server that ended. Only a page of the app may read the new one.
  async renewToken() {
    const { token } = await this.ask(`${this.base}/api/token`, {});
    this.token = token;
    throw new Offline("The app was started anew.");
  }

  thumb(sha) {
    return this.picture("thumb", sha);
  }

  full(sha) {
    return this.picture("full", sha);
  }

  picture(kind, sha) {
    return `${this.base}/${kind}/${encodeURIComponent(this.dataset)}/${sha}`;
  }
}

function errorIn(text) {
  try {
    return JSON.parse(text).error || text;
  } catch {
    return text;
  }
}
