import {browser} from "@web/core/browser/browser";

/** @returns {Boolean} whether whatever had the focus is gone or disabled */
export function isFocusLost() {
    const active = document.activeElement;
    return !active || active === document.body || active.disabled;
}

function nextFrame() {
    return new Promise((resolve) => browser.requestAnimationFrame(resolve));
}

/**
 * After its dialog is gone. Odoo gives the focus back to what had it before; where that
 * is gone, the keyboard goes on at the payment's line, or on the screen.
 */
export async function focusLine(uuid) {
    await nextFrame();
    await nextFrame();
    if (!isFocusLost()) {
        return;
    }
    const line = document.querySelector(`[data-sci-line="${uuid}"]`);
    const target =
        line?.querySelector("button") || document.querySelector(".pos-content");
    if (target && !target.matches("button")) {
        target.tabIndex = -1;
    }
    target?.focus({preventScroll: true});
}
