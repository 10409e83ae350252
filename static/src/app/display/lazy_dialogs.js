import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";

/** The bundle of the dialogs, loaded once the POS has started. */
const BUNDLE = "pos_mx51_sci.assets_dialogs";

const components = registry.category("lazy_components");

/** What else the bundle brings. */
const functions = registry.category("pos_mx51_sci.dialogs");

/**
 * @param {string} name of a component in that bundle
 * @returns {Component|null} null until it has been loaded
 */
export function lazyComponent(name) {
    return components.get(name, null);
}

/** @returns {Function|null} see dialogs/action_form.js; null until it has been loaded */
export function lazyParser() {
    return functions.get("parseInstructions", null);
}

/** Loaded early, the dialogs are there before somebody needs them. */
export async function loadDialogs() {
    try {
        await loadBundle(BUNDLE);
    } catch (error) {
        console.warn("The dialogs of card payments:", error.message);
    }
}

/** Opens a dialog, or says that Odoo does not deliver it now. */
export async function openLazyDialog({dialog, notification}, name, props, options) {
    if (!lazyComponent(name)) {
        await loadDialogs();
    }
    const component = lazyComponent(name);
    if (component) {
        dialog.add(component, props, options);
    } else {
        const text = _t("Odoo did not answer. Check the connection and try again.");
        notification.add(text, {type: "danger"});
    }
}
