/**
 * Small helpers to build elements.
 */

/**
 * An element.
 *
 * @param {String} tag with classes, as `div.screen-title.big`
 * @param {Object} attributes
 * @param {...(Node|String)} children
 */
export function h(tag, attributes = {}, ...children) {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name);
    element.classList.add(...classes);
    for (const [key, value] of Object.entries(attributes)) {
        if (value !== false && value !== undefined) {
            element.setAttribute(key, value);
        }
    }
    element.append(...children);
    return element;
}

/** A button that does `action` when it is touched. */
export function button(label, action, classes = "", data = {}) {
    const element = h(
        `button${classes}`,
        {type: "button", "data-action": action},
        label
    );
    for (const [key, value] of Object.entries(data)) {
        element.dataset[key] = value;
    }
    return element;
}

/** A drawing of lines. */
export function icon(path, classes = "") {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 64 64");
    svg.setAttribute("class", `icon ${classes}`);
    svg.setAttribute("aria-hidden", "true");
    for (const d of [path].flat()) {
        const line = document.createElementNS(space, "path");
        line.setAttribute("d", d);
        svg.append(line);
    }
    return svg;
}

export const money = (cents) =>
    (cents / 100).toLocaleString("en-AU", {style: "currency", currency: "AUD"});
