// The review page works without this script. With it, a decision does not load the page again, and
// the keys j, k, a, r and u do the work. Letters act only while the switch on the page is on.
"use strict";

const KEYS_SETTING = "commentdesk-keys";
const queue = document.querySelector("[data-queue]");
const rest = document.querySelector("[data-rest]");
const announce = document.querySelector("[data-announce]");
const keySwitch = document.querySelector("[data-keys-switch]");

// The forms that take decisions back, the newest last.
const undoable = [...document.querySelectorAll("[data-undo]")];

const cards = () => [...queue.querySelectorAll("[data-card]")];
const currentCard = () => document.activeElement?.closest("[data-card]");

function focusCard(card) {
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: card.offsetHeight > innerHeight ? "start" : "nearest" });
}

// Whoever has gone on to another card must not be moved: keys would decide what nobody chose.
function hasFocusOrNobody(card) {
  return card.contains(document.activeElement) || document.activeElement === document.body;
}

function move(step) {
  const all = cards();
  const at = all.indexOf(currentCard());
  const next = at < 0 ? all[0] : all[at + step];
  if (next) focusCard(next);
}

// --- Show why: a long comment opens at its first marked passage ---
function showFirstMark(body) {
  const mark = body.querySelector("mark");
  if (!mark || mark.offsetTop + mark.offsetHeight <= body.offsetTop + body.clientHeight) return;
  body.scrollTop = mark.offsetTop - body.offsetTop - body.clientHeight / 3;
}

queue.querySelectorAll("[data-body]").forEach(showFirstMark);

// --- Decide without loading the page again ---
function count(step) {
  const place = document.querySelector("[data-held-total]");
  const total = Number(place.textContent);
  if (Number.isNaN(total)) return; // "About 5,000" stays true.
  const left = Math.max(0, total + step);
  place.textContent = left;
  document.querySelector("[data-held-noun]").textContent = left === 1 ? "comment" : "comments";
  document.title = document.title.replace(/^\d+/, left);
}

// After the last card the rest of the queue is loaded, unless something is still to be read here.
// The page that comes says what was done last, so that it can still be undone.
function loadMore(line, mayMoveFocus) {
  const link = rest.querySelector("a");
  if (queue.querySelector(".receipt--problem")) {
    rest.hidden = false;
    if (mayMoveFocus) link.focus();
    return;
  }
  const address = new URL(link.href);
  for (const [name, value] of new URLSearchParams(line.dataset.query)) {
    address.searchParams.set(name, value);
  }
  location.assign(address);
}

function problem(...words) {
  const line = document.createElement("p");
  line.className = "receipt receipt--problem";
  line.append(...words);
  return line;
}

function withoutAnswer() {
  const link = document.createElement("a");
  link.href = location.pathname + location.search; // with a fragment, nothing would be loaded
  link.textContent = "Load the page";
  return problem("No answer came, so it is not known whether this was decided. ", link, " to see.");
}

// What the server has answered: a receipt in place of the card or inside it, or the new card of a
// comment that was edited meanwhile. Its own errors are JSON; a proxy may say anything.
async function answerTo(request) {
  try {
    const response = await request;
    if (response.redirected) return location.assign(response.url);
    const text = await response.text();
    if (response.headers.get("Content-Type").includes("json")) {
      const { detail } = JSON.parse(text);
      return detail ? problem(detail) : withoutAnswer();
    }
    const piece = document.createElement("template");
    piece.innerHTML = text;
    return piece.content.querySelector("[data-card], .receipt") ?? withoutAnswer();
  } catch {
    return withoutAnswer();
  }
}

// In place of its old card, or of the receipt of a decision that was undone.
function showNewCard(place, fresh) {
  const mayMoveFocus = hasFocusOrNobody(place);
  if (!("card" in place.dataset)) {
    count(1);
    rest.hidden = true;
  }
  place.replaceWith(fresh);
  showFirstMark(fresh.querySelector("[data-body]"));
  if (mayMoveFocus) focusCard(fresh);
}

function showReceipt(card, line) {
  const all = cards();
  const following = all[all.indexOf(card) + 1] ?? all[all.indexOf(card) - 1];
  const mayMoveFocus = hasFocusOrNobody(card);
  card.replaceWith(line);
  count(-1);
  if (line.querySelector("[data-undo]")) undoable.push(line.querySelector("[data-undo]"));
  if (!following) loadMore(line, mayMoveFocus);
  else if (mayMoveFocus) focusCard(following);
}

function showProblem(place, line) {
  const decision = place.querySelector("[data-decide]") ?? place;
  decision.querySelector(".receipt--problem")?.remove();
  decision.prepend(line);
  if ("gone" in line.dataset) place.querySelector("[data-undo]")?.remove();
}

function wordsOf(piece) {
  if (!("card" in piece.dataset)) return (piece.querySelector("[data-words]") ?? piece).textContent;
  return piece.querySelector(".receipt")?.textContent ?? "Taken back.";
}

function show(place, piece) {
  announce.textContent = wordsOf(piece);
  if ("card" in piece.dataset) showNewCard(place, piece);
  else if ("card" in place.dataset && "gone" in piece.dataset) showReceipt(place, piece);
  else showProblem(place, piece);
}

async function send(form, button) {
  const place = form.closest("[data-card], .receipt");
  if (place.getAttribute("aria-busy")) return;
  place.setAttribute("aria-busy", "true");
  const request = fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, button)),
    headers: { "X-Requested-With": "fetch" },
  });
  const answer = await answerTo(request);
  place.removeAttribute("aria-busy");
  if (answer) show(place, answer);
}

queue.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});

// --- Keys ---
function press(outcome) {
  currentCard()?.querySelector(`button[value="${outcome}"]`).click();
}

// The focus goes there first: letters that follow must not decide another comment meanwhile. While
// an answer is still to come, it is not known what was decided last.
function undo() {
  if (queue.querySelector("[aria-busy]")) return;
  const button = undoable.findLast((form) => form.isConnected)?.querySelector("button");
  button?.focus();
  button?.click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => press("approve"),
  r: () => press("reject"),
  u: undo,
};

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  if (!keySwitch.checked || hasModifier || event.repeat || isTyping(event.target)) return;
  const action = KEYS[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});

keySwitch.checked = localStorage.getItem(KEYS_SETTING) !== "off";
keySwitch.addEventListener("change", () => {
  localStorage.setItem(KEYS_SETTING, keySwitch.checked ? "on" : "off");
});
document.querySelector("[data-keys]").hidden = cards().length + undoable.length === 0;
