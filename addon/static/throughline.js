// Everything works without this file; with it, menus close when one looks away and long forms are not sent twice.

for (const menu of document.querySelectorAll("details.who")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
  });
}

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}

// Ctrl+Enter or Cmd+Enter saves what one writes.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) event.target.form?.requestSubmit();
});

// A page that shows a running job asks for its moving part again until the job has ended, then loads itself once more,
// unless something is typed in it that would be lost.
const isTyped = () => [...document.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox])")]
  .some((field) => field.value !== field.defaultValue);

const watch = async () => {
  const part = document.querySelector("#progress[data-busy=yes]");
  if (!part) return;
  const answer = await fetch(part.dataset.from, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    part.outerHTML = await answer.text();
    if (!document.querySelector("#progress[data-busy=yes]") && !isTyped()) { location.reload(); return; }
  }
  setTimeout(watch, 2000);
};
setTimeout(watch, 2000);
