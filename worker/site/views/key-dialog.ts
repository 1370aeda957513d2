import { el } from "../dom.ts";
import { say } from "../words/words.ts";

/** Asks for the API's key. Undefined where the person gives none. */
export function askKey(refused: boolean): Promise<string | undefined> {
  const input = el("input", {
    id: "key",
    type: "password",
    autocomplete: "off",
    required: true,
    spellcheck: "false",
    "aria-describedby": refused ? "key-wrong key-hint" : "key-hint",
  });
  // A form with this method closes its dialogue and sends nothing.
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "key-title" }, say("keyTitle")),
    refused && el("p", { id: "key-wrong", class: "problem-words", role: "alert" }, say("keyWrong")),
    el("label", { for: "key" }, say("key")),
    input,
    el("p", { id: "key-hint", class: "muted small" }, say("keyHint")),
    el(
      "div",
      { class: "choosers" },
      el("button", { class: "strong", value: "use" }, say("use")),
      el("button", { type: "button", onclick: () => dialog.close() }, say("cancel")),
    ),
  );
  const dialog = el("dialog", { class: "key-dialog", "aria-labelledby": "key-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "use" ? input.value.trim() || undefined : undefined);
    });
  });
}
