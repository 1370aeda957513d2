import { el, svg } from "../dom.ts";
import { PLACES, type Place, settings } from "../settings.ts";
import { say } from "../words/words.ts";

export interface BarActions {
  home(): void;
  place(place: Place): void;
  language(): void;
  theme(): void;
}

/** The bar at the top: the name, where pictures are tagged, language, theme. */
export function bar(actions: BarActions): HTMLElement {
  const name = el("a", { class: "name", href: "/" }, "Hemline");
  name.addEventListener("click", (event) => {
    event.preventDefault();
    actions.home();
  });
  const other = settings.language === "en" ? "ko" : "en";
  return el(
    "header",
    { class: "bar" },
    name,
    places(actions),
    el(
      "div",
      { class: "bar-end" },
      el(
        "button",
        { id: "language", class: "quiet", lang: other, onclick: actions.language },
        say("language"),
      ),
      el(
        "button",
        {
          id: "theme",
          class: "quiet icon",
          "aria-pressed": String(settings.theme === "dark"),
          "aria-label": say("dark"),
          title: say("dark"),
          onclick: actions.theme,
        },
        half(),
      ),
    ),
  );
}

function places(actions: BarActions): HTMLElement {
  const choice = (place: Place) => {
    const input = el("input", {
      type: "radio",
      name: "place",
      value: place,
      id: `place-${place}`,
      checked: settings.place === place,
      onchange: () => actions.place(place),
    });
    return el("label", {}, input, el("span", {}, say(place)));
  };
  return el(
    "fieldset",
    { class: "places", "aria-describedby": "place-hint" },
    el("legend", { class: "spoken" }, say("where")),
    ...PLACES.map(choice),
  );
}

/** A disc, half filled. */
function half(): SVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
    svg("circle", {
      cx: 8,
      cy: 8,
      r: 6.25,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.5,
    }),
    svg("path", { d: "M8 1.75a6.25 6.25 0 0 1 0 12.5z", fill: "currentColor" }),
  );
}
