// Makes pages nicer that work without it.

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Points in time in the reader's own zone. */
function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.getTime())) {
      time.title = time.dateTime;
      time.textContent = dates.format(moment);
    }
  }
}

/** Long fields take a file, dropped or chosen. */
function fileFields(root) {
  for (const area of root.querySelectorAll("textarea[data-file]")) {
    const take = async (file) => {
      if (!file) return;
      if (file.size > 1 << 20) return alert(`${file.name} is larger than 1 MB: it is no certificate.`);
      area.value = await file.text();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
    area.addEventListener("dragleave", () => area.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("over");
      take(event.dataTransfer.files[0]);
    });
    const picker = Object.assign(document.createElement("input"), { type: "file" });
    picker.setAttribute("aria-label", `File for ${area.labels[0]?.textContent.trim() ?? area.name}`);
    picker.addEventListener("change", () => take(picker.files[0]));
    area.after(picker);
  }
}

/** A button that waits for a name to be typed. */
function confirmations(root) {
  for (const form of root.querySelectorAll("form[data-confirm]")) {
    const button = form.querySelector("button");
    const field = form.elements.confirm;
    const look = () => { button.disabled = field.value.trim() !== form.dataset.confirm.trim(); };
    field.addEventListener("input", look);
    look();
  }
}

async function session() {
  const answer = await fetch("/session", { headers: { accept: "application/json" } });
  return answer.ok ? answer.json() : { "signed-in": false };
}

/** Asks for the password on top of the page, which keeps what was typed. Resolves to the new session, or null. */
function signInAgain() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "again");
  dialog.innerHTML = `<form><h2 id="again">Your session has ended</h2>
    <p>Sign in again; what you typed is kept.</p><p class="notice bad" role="alert" hidden></p>
    <div class="field"><label for="again-name">User name or e-mail</label><input id="again-name" name="username" autocomplete="username" required></div>
    <div class="field"><label for="again-password">Password</label><input id="again-password" name="password" type="password" autocomplete="current-password" required></div>
    <div class="buttons"><button class="primary">Sign in</button><button type="button" value="cancel">Cancel</button></div></form>`;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    const end = (value) => { dialog.remove(); resolve(value); };
    dialog.addEventListener("cancel", () => end(null));
    dialog.querySelector("[value=cancel]").addEventListener("click", () => end(null));
    dialog.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      await fetch("/sign-in", { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
      const now = await session();
      if (now["signed-in"]) return end(now);
      const notice = dialog.querySelector("[role=alert]");
      notice.hidden = false;
      notice.textContent = "That did not work: look at the name and the password.";
    });
  });
}

/** Forms look whether the session lives before they are sent; some answers go into a part of the page. */
async function submitted(event) {
  const form = event.target;
  if (!form.matches("form[data-guard]") || form.dataset.ready) return;
  event.preventDefault();
  const button = event.submitter;
  form.setAttribute("aria-busy", "true");
  try {
    let now = await session();
    if (!now["signed-in"]) now = await signInAgain();
    if (!now) return;
    form.elements.token.value = now.token;
    if (button?.dataset.into) return await intoPage(form, button);
    form.dataset.ready = "yes";
    form.requestSubmit(button);
  } catch {
    alert("The server does not answer. Nothing was sent, and what you typed is kept.");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

async function intoPage(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const target = document.getElementById(button.dataset.into);
  const part = page.getElementById(button.dataset.into);
  const problem = page.querySelector("main [role=alert]");
  target.replaceChildren(...(problem ? [problem] : part ? part.childNodes : []));
}

/** Parts of a page that follow the news: each event makes them look again; so does a connection that comes back. */
function liveParts() {
  const parts = [...document.querySelectorAll("[data-live][id]")];
  if (!parts.length) return;
  let asked = false;
  let again = false;
  const look = async () => {
    if (asked) { again = true; return; }
    asked = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts) {
        const news = page.getElementById(part.id);
        if (!news || news.innerHTML === part.dataset.shown || part.contains(document.activeElement)) continue;
        part.dataset.shown = news.innerHTML;
        part.replaceChildren(...news.childNodes);
        localTimes(part);
      }
    } catch { /* The stream says when the server is back. */ }
    await new Promise((resolve) => setTimeout(resolve, 500));
    asked = false;
    if (again) { again = false; look(); }
  };
  for (const address of new Set(parts.map((part) => part.dataset.live))) {
    let wasLost = false;
    const news = new EventSource(address);
    for (const type of ["job", "event"]) news.addEventListener(type, look);
    news.addEventListener("end", () => news.close());
    news.addEventListener("error", () => { wasLost = true; });
    news.addEventListener("open", () => { if (wasLost) { wasLost = false; look(); } });
  }
}

localTimes(document);
fileFields(document);
confirmations(document);
liveParts();
document.addEventListener("submit", submitted);
// A page that the browser brings back from its memory may have been sent already.
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.ready; });
