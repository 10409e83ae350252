import {isCancelKey} from "@pos_mx51_sci/app/follow/cancel_request";
import {registry} from "@web/core/registry";

/**
 * What mx51 instructs the POS to show and offer (`pos_instructions`, docs/protocol.md
 * 3.7), as a model that can be drawn as it is. Whatever is not of the documented shape
 * becomes harmless text or is left out, with a line in the browser's log: no form may
 * stop a payment. All texts are plain text.
 */

/** What the POS does by itself when one of its buttons is pressed. */
export const ACTIONS = [
    "PRINT_MERCHANT_RECEIPT",
    "PRINT_CUSTOMER_RECEIPT",
    "TRANSACTION_COMPLETE",
    "RETRY_TRANSACTION",
    "SETTLEMENT_COMPLETE",
    "RETRY_SETTLEMENT",
    "TEST_ACTION",
];

/** Those that may run without a button: none that could charge a card. */
const AUTOMATIC = [
    "PRINT_MERCHANT_RECEIPT",
    "PRINT_CUSTOMER_RECEIPT",
    "TRANSACTION_COMPLETE",
];

const LAYOUTS = {horizontal_layout: "horizontal", vertical_layout: "vertical"};

/** More than any form of a payment needs; a broken one must not fill the memory. */
export const LIMITS = {
    depth: 6,
    elements: 100,
    entries: 300,
    text: 4000,
    details: 20,
    image: 1024 * 1024,
};

/** How each kind of image begins in base64: the claimed type is not trusted. */
const IMAGES = {
    "image/png": "iVBORw0KGgo",
    "image/jpeg": "/9j/",
    "image/jpg": "/9j/",
    "image/gif": "R0lGOD",
    "image/webp": "UklGR",
};

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * @typedef {object} FormElement
 * @property {number} id unique in the form
 * @property {string} type text, button, input, image or row
 * @property {string} key the element's name in mx51's form
 * @property {string} label
 * @property {string} [text] of a text
 * @property {boolean} [submit] of a button: the server posts it to mx51
 * @property {string} [action] of a button: one of ACTIONS
 * @property {string} [name] of an input
 * @property {string} [src] of an image
 * @property {string} [direction] of a row: horizontal or vertical
 * @property {FormElement[]} [items] of a row
 */

function cut(text) {
    return text.length > LIMITS.text ? `${text.slice(0, LIMITS.text)}…` : text;
}

function asObject(value) {
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
}

function asList(value) {
    if (Array.isArray(value)) {
        return value.slice(0, LIMITS.elements);
    }
    return value && typeof value === "object" ? [value] : [];
}

/** Strings, numbers and booleans as text; anything else as an empty text. */
function asText(value) {
    const isPlain = ["string", "number", "boolean"].includes(typeof value);
    return isPlain ? cut(`${value}`) : "";
}

/** A name for a button that has none: `approve_signature` → "Approve signature". */
function fromKey(key) {
    const words = key.replace(/[_\s]+/g, " ").trim();
    return words.charAt(0).toUpperCase() + words.slice(1);
}

function shorten(value) {
    return (JSON.stringify(value) || "").slice(0, 200);
}

/** @returns {String} a data URL; empty when it is not an image that may be shown */
function imageSource({mime, encoding, data}) {
    const type = asText(mime).toLowerCase();
    const content = typeof data === "string" ? data : "";
    // Base64 is a third longer than what it stands for.
    if (content.length > (LIMITS.image / 3) * 4 || asText(encoding) !== "base64") {
        return "";
    }
    const packed = content.replace(/\s+/g, "");
    const isImage =
        Object.hasOwn(IMAGES, type) &&
        packed.startsWith(IMAGES[type]) &&
        BASE64.test(packed);
    return isImage ? `data:${type};base64,${packed}` : "";
}

const READERS = {
    text: (key, label, {text}) => ({type: "text", key, label, text: asText(text)}),

    button: (key, label, {submit, cancel, action}) => {
        const shown = label || fromKey(key);
        if (submit === true) {
            const button = {type: "button", key, label: shown, submit: true};
            return cancel === true ? {...button, cancel} : button;
        }
        if (ACTIONS.includes(action)) {
            return {type: "button", key, label: shown, action};
        }
        return null;
    },

    input: (key, label, {name}) =>
        typeof name === "string" && name
            ? {type: "input", key, label: label || name, name}
            : null,

    image: (key, label, properties) => {
        const src = imageSource(properties);
        return src && {type: "image", key, label, src};
    },
};

/** An element that can be drawn; an unknown or broken one becomes text. */
function element(key, label, properties) {
    const read = Object.hasOwn(READERS, asText(properties.type))
        ? READERS[properties.type](key, label, properties)
        : null;
    if (read) {
        return read;
    }
    console.warn("Action form: element shown as text", key, shorten(properties));
    const text = asText(properties.text) || (label ? "" : fromKey(key));
    return {type: "text", key, label, text};
}

/** Reads rows and elements, each at most as often as the layout names it. */
class FormReader {
    constructor(properties) {
        this.properties = properties;
        this.elements = [];
        this.count = 0;
        this.budget = LIMITS.entries;
    }

    /** A form without a usable layout shows its elements one below the other. */
    rows(layout) {
        const rows = asList(layout).map((row) => this.row(row, 1));
        const known = rows.filter(Boolean);
        if (known.length || !Object.keys(this.properties).length) {
            return known;
        }
        const keys = Object.keys(this.properties).map((key) => ({key}));
        const all = this.row({type: "vertical_layout", elements: keys}, 1);
        return all ? [all] : [];
    }

    row(content, depth) {
        const {type, elements} = asObject(content);
        if (!Object.hasOwn(LAYOUTS, asText(type))) {
            console.warn("Action form: unknown layout", shorten(content));
        }
        if (depth > LIMITS.depth) {
            console.warn("Action form: rows are nested too deeply");
            return null;
        }
        const items = asList(elements)
            .map((entry) => this.entry(entry, depth))
            .filter(Boolean);
        const direction = LAYOUTS[asText(type)] || "vertical";
        return items.length ? {id: this.nextId(), type: "row", direction, items} : null;
    }

    /** What a row holds: another row, or `{label, key}` of an element. */
    entry(content, depth) {
        // Rows that name each other would multiply without end.
        if (--this.budget < 0) {
            return null;
        }
        const {key, label, elements} = asObject(content);
        if (Array.isArray(elements)) {
            return this.row(content, depth + 1);
        }
        const name = asText(key);
        if (!Object.hasOwn(this.properties, name)) {
            return this.stray(name, asText(label), content);
        }
        const properties = asObject(this.properties[name]);
        if (Array.isArray(properties.elements)) {
            return this.row(properties, depth + 1);
        }
        return this.add(element(name, asText(label), properties));
    }

    /** An entry without an element: its label is all there is to show. */
    stray(key, label, content) {
        console.warn("Action form: no such element", shorten(content));
        return label ? this.add({type: "text", key, label: "", text: label}) : null;
    }

    add(read) {
        if (!read || this.elements.length >= LIMITS.elements) {
            return null;
        }
        const added = {id: this.nextId(), ...read};
        this.elements.push(added);
        return added;
    }

    nextId() {
        return ++this.count;
    }
}

/** The details in one line; only mx51 knows what they mean. */
function detailsLine(details) {
    return Object.entries(asObject(details))
        .slice(0, LIMITS.details)
        .map(([key, value]) => `${cut(key)}: ${asText(value)}`)
        .join(", ");
}

/** Entries are codes, or objects that carry one as `action`. */
function automaticActions(entries) {
    const codes = asList(entries).map((entry) =>
        typeof entry === "string" ? entry : asObject(entry).action
    );
    const known = codes.filter((code) => AUTOMATIC.includes(code));
    if (known.length < codes.length) {
        console.warn("Action form: actions that do not run automatically", codes);
    }
    return [...new Set(known)];
}

/**
 * @param {*} instructions `pos_instructions`, with `submit: true` for a `submit_url`,
 * and `cancel: true` if that asks to cancel
 * @returns {{rows: FormElement[], elements: FormElement[], details: string,
 * autoActions: string[]}} `elements` are those of all rows, one after the other
 */
export function parseInstructions(instructions) {
    const {action_form: form, auto_actions: autoActions} = asObject(instructions);
    const {layout, properties, details} = asObject(form);
    const reader = new FormReader(asObject(properties));
    return {
        rows: reader.rows(layout),
        elements: reader.elements,
        details: detailsLine(details),
        autoActions: automaticActions(autoActions),
    };
}

registry.category("pos_mx51_sci.dialogs").add("parseInstructions", parseInstructions);

/** @returns {object} every input's text by name; untouched ones are empty */
export function inputValues({elements}, values) {
    const inputs = elements.filter(({type}) => type === "input");
    return Object.fromEntries(inputs.map(({name}) => [name, values.get(name) || ""]));
}

/** Whether the form has a button for one of the POS's own actions. */
export function offersAction({elements}, code) {
    return elements.some(({action}) => action === code);
}

/** A button that asks mx51 to cancel; it is never the one that stands out. */
export function isCancel({submit, cancel, key}) {
    return Boolean(submit && (cancel || isCancelKey(key)));
}

/**
 * The one button that stands out: the one that ends the dialog, otherwise the first
 * that answers the form.
 * @returns {FormElement|undefined}
 */
export function primaryButton({elements}) {
    const buttons = elements.filter(({type}) => type === "button");
    return (
        buttons.find(({action}) => action && action.endsWith("_COMPLETE")) ||
        buttons.find((button) => button.submit && !isCancel(button))
    );
}
