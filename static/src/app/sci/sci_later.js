import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";

/** The dialogs, which the start of the POS does not wait for. */
const BUNDLE = "pos_mx51_sci.assets_dialogs";

const components = registry.category("lazy_components");

/**
 * @param {string} name of a component in that bundle
 * @returns {Component|null} null until it has been loaded
 */
export function lazyComponent(name) {
    return components.get(name, null);
}

/** Once the POS is up: the dialogs are there before somebody needs them. */
export async function loadDialogs() {
    try {
        await loadBundle(BUNDLE);
    } catch (error) {
        console.warn("The dialogs of card payments:", error.message);
    }
}

/** Opens a dialog, or says that it cannot be had from Odoo now. */
export async function openDialog({dialog, notification}, name, props, options) {
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
