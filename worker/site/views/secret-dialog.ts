import type { SecretName } from "../api/secrets.ts";
import { el } from "../dom.ts";
import { say } from "../words/words.ts";

/** What each is called, and how it is asked for. */
const ASKED = {
  key: { title: "keyTitle", label: "key" },
  admin: { title: "adminTitle", label: "admin" },
} as const;

/** Asks for what the API wants. Undefined where the person gives nothing. */
export function askSecret(name: SecretName, refused: boolean): Promise<string | undefined> {
  const { title, label } = ASKED[name];
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
    el("h2", { id: "key-title" }, say(title)),
    refused && el("p", { id: "key-wrong", class: "problem-words", role: "alert" }, say("keyWrong")),
    el("label", { for: "key" }, say(label)),
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
