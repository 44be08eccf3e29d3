// The review page works without this script. With it, a decision does not load the page again, and
// the keys j, k, a and r do the work. Letters act only while the switch on the page is on.
"use strict";

const KEYS_SETTING = "commentdesk-keys";
const queue = document.querySelector("[data-queue]");
const rest = document.querySelector("[data-rest]");
const announce = document.querySelector("[data-announce]");
const keySwitch = document.querySelector("[data-keys-switch]");

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
function countDown() {
  const place = document.querySelector("[data-held-total]");
  const total = Number(place.textContent);
  if (Number.isNaN(total)) return; // "About 5,000" stays true.
  const left = Math.max(0, total - 1);
  place.textContent = left;
  document.querySelector("[data-held-noun]").textContent = left === 1 ? "comment" : "comments";
  document.title = document.title.replace(/^\d+/, left);
}

// After the last card the rest of the queue is loaded, unless something is still to be read here.
function loadMore(mayMoveFocus) {
  const link = rest.querySelector("a");
  if (!queue.querySelector(".receipt--problem")) return location.assign(link.href);
  rest.hidden = false;
  if (mayMoveFocus) link.focus();
}

function problem(...words) {
  const line = document.createElement("p");
  line.className = "receipt receipt--problem";
  line.append(...words);
  return line;
}

function withoutAnswer() {
  const link = document.createElement("a");
  link.href = location.href;
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

function showNewCard(card, fresh) {
  const mayMoveFocus = hasFocusOrNobody(card);
  card.replaceWith(fresh);
  showFirstMark(fresh.querySelector("[data-body]"));
  if (mayMoveFocus) focusCard(fresh);
}

function showReceipt(card, line) {
  if (!("gone" in line.dataset)) {
    card.querySelector(".receipt")?.remove();
    card.querySelector("[data-decide]").prepend(line);
    return;
  }
  const all = cards();
  const following = all[all.indexOf(card) + 1] ?? all[all.indexOf(card) - 1];
  const mayMoveFocus = hasFocusOrNobody(card);
  card.replaceWith(line);
  countDown();
  if (!following) loadMore(mayMoveFocus);
  else if (mayMoveFocus) focusCard(following);
}

function show(card, piece) {
  announce.textContent = (piece.querySelector(".receipt") ?? piece).textContent;
  if ("card" in piece.dataset) showNewCard(card, piece);
  else showReceipt(card, piece);
}

async function decide(form, button) {
  const card = form.closest("[data-card]");
  if (card.getAttribute("aria-busy")) return;
  card.setAttribute("aria-busy", "true");
  const request = fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, button)),
    headers: { "X-Requested-With": "fetch" },
  });
  const answer = await answerTo(request);
  card.removeAttribute("aria-busy");
  if (answer) show(card, answer);
}

queue.addEventListener("submit", (event) => {
  event.preventDefault();
  decide(event.target, event.submitter);
});

// --- Keys ---
function press(outcome) {
  currentCard()?.querySelector(`button[value="${outcome}"]`).click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => press("approve"),
  r: () => press("reject"),
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
document.querySelector("[data-keys]").hidden = cards().length === 0;
