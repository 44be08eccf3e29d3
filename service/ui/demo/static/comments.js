// The page works without this script. With it, a draft is checked before it is posted, an answer
// opens in place, and a waiting comment changes by itself when its decision comes.
"use strict";

// A little longer than the server itself waits, so that it is the server that gives up.
const CHECK_TIMEOUT_MS = 2500;
// Clicks of the impatient are passed over for so long; sent again, it is still the same comment.
const SEND_AGAIN_AFTER_MS = 5000;
const POLL_FIRST_MS = 1500;
const POLL_LONGEST_MS = 15000;

const form = document.getElementById("respond");
const section = document.getElementById("comments");

// --- Check before posting ---
const place = form.querySelector("[data-advice]");
const postButton = form.querySelector('button[value="post"]');
let checkedText = place.querySelector(".advice") ? form.elements.comment.value : null;
let isBeingChecked = false;
let isOnItsWay = false;

async function adviceOnDraft(button) {
  try {
    const response = await fetch(form.dataset.checkUrl, {
      method: "POST",
      body: new URLSearchParams(new FormData(form, button)),
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    });
    return response.ok ? (await response.json()).html : "";
  } catch {
    return ""; // Advice is a courtesy: without it the form is simply sent.
  }
}

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const text = form.elements.comment.value;
  if (isOnItsWay || isBeingChecked) return event.preventDefault();
  if (text === checkedText && (button?.value !== "check" || !place.querySelector(".advice"))) {
    isOnItsWay = true;
    setTimeout(() => (isOnItsWay = false), SEND_AGAIN_AFTER_MS);
    return;
  }
  event.preventDefault();
  isBeingChecked = true;
  button?.setAttribute("aria-busy", "true");
  const html = await adviceOnDraft(button);
  button?.removeAttribute("aria-busy");
  isBeingChecked = false;
  checkedText = text;
  place.innerHTML = html;
  if (!html) {
    form.requestSubmit(button);
    return;
  }
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
  if (!place.querySelector(".advice--approve")) postButton.textContent = "Post as it is";
});

form.elements.comment.addEventListener("input", () => {
  postButton.textContent = "Post Comment";
  place.querySelector(".advice--approve")?.remove();
});

// --- Answer in place ---
function answer(id, name) {
  form.elements.comment_parent.value = id;
  form.querySelector("[data-answering]").hidden = !id;
  form.querySelector("[data-answering-name]").textContent = name;
  form.scrollIntoView({ block: "start" });
  form.elements.comment.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const reply = event.target.closest("[data-reply]");
  const nobody = event.target.closest("[data-answer-nobody]");
  if (!reply && !nobody) return;
  event.preventDefault();
  answer(reply?.dataset.reply ?? "", reply?.dataset.replyName ?? "");
});

// --- Waiting comments ---
function show(id, comment) {
  const old = document.getElementById(`comment-${id}`);
  const fresh = document.createElement("template");
  fresh.innerHTML = comment.html;
  const element = fresh.content.firstElementChild;
  if (!old || old.innerHTML === element.innerHTML) return;
  old.replaceWith(element);
  if (old.dataset.state === comment.state) return; // Words of its reasons have been marked.
  element.classList.add("is-new");
  const words = element.querySelector(".comment__notice strong")?.textContent;
  section.querySelector("[data-announce]").textContent = words ?? "Your comment has appeared.";
}

function showCount(count) {
  for (const place of document.querySelectorAll("[data-comment-count]")) place.textContent = count;
  for (const place of document.querySelectorAll("[data-comment-noun]")) {
    place.textContent = count === 1 ? "comment" : "comments";
  }
}

async function poll(delay) {
  if (!section.querySelector("[data-waiting]")) return;
  try {
    const response = await fetch(section.dataset.statusUrl, { cache: "no-store" });
    const news = await response.json();
    for (const [id, comment] of Object.entries(news.comments)) show(id, comment);
    showCount(news.count);
  } catch {
    // The next try may succeed.
  }
  setTimeout(poll, delay, Math.min(delay * 1.3, POLL_LONGEST_MS));
}

poll(POLL_FIRST_MS);
